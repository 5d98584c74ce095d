"""The explorer without a face: what is asked for, how it is computed, what is shown. No Panel, no ipywidgets here.

A face (the page, the notebook's widgets) keeps a `History` of `State`s, makes its inputs from `controls`, hands each
new state to an `Explorer`, and shows the `Result`s that come back. It computes nothing and validates nothing itself.

`sim.app.state`
    ``State(scenario="hardball", baseline="hardball", changes={}, runs=1000, seed=1, deadline=None, horizon=None,
    run=0, view="incidence", text=None)`` is immutable, hashable, and valid, or refused on the spot with a
    `sim.errors.TruceError` whose text is one sentence to show. ``scenario`` is the name of a built-in one, or
    ``"uploaded"`` with its YAML in ``text`` (`State.uploaded(content)` makes it from the text or bytes of a file);
    ``baseline`` is the name of a built-in one, or ``"unchanged"``: the scenario without the changes. Dates None are the
    scenario's own; a date given holds for scenario and baseline. ``run`` is the number of the history that is told.
    ``view`` is a name of `FIGURES`. ``LIMITS``: most ``runs``, latest ``horizon``, longest ``text`` and ``link``.
    ``builtin()`` -> tuple of `Listing` (``name, title, question``) for the picker. Titles and questions of an uploaded
    scenario are its author's text: escape them.

    - ``state.changed("russia.confidence", 0.4)``, ``.unchanged("russia.confidence")`` (back to the scenario's own
      number or law), ``.unchanged()`` (all), ``.with_(runs=2000, scenario="swift_deal", view=...)`` -> new states
    - ``.base()`` -> `Scenario` without the changes, for `controls`; ``.resolved()`` -> with all changes;
      ``.reference()`` -> that of the baseline, None if it means the same
    - ``.as_scenario_file()``, ``.file_name``, ``.command`` (``truce run ...``), ``.as_python()``
    - ``.to_link()`` -> query string without ``?``; ``State.from_link(query)`` (with or without ``?``)

    ``History(state)``: ``.state``, ``.go(state)``, ``.undo()``, ``.redo()``, ``.reset()`` (each returns the state then
    current; reset can be undone), ``.can_undo``, ``.can_redo``.

`sim.app.controls`
    ``controls(scenario)`` -> tuple of `Control`, every parameter of the scenario once, by actor; ``leading(scenario)``
    -> the ten that matter most, in that order; ``by_actor(scenario)`` -> dict of heading -> the others, for the folds.
    A `Control` has ``name, label, full_label`` ("Russia: war cost"), ``meaning, unit, low, high, step, logarithmic,
    value`` (where a slider stands while nothing is changed), ``law`` (text of the scenario's law, or ""), ``source,
    grade, group, heading, rank`` (1 to 10, or None), ``help`` (all of it in sentences), ``options`` (every position of
    a slider, for those that are logarithmic), ``shown(value)``.

`sim.app.explorer` and `sim.app.pool`
    ``Explorer(pool=None)``: one per session or notebook. ``explorer.submit(state, on_result, on_error=None,
    figures=None)`` -> generation number, returns at once. ``on_result(result)`` is called **from another thread** and
    must hand over and return: first with a coarse result (if it takes long), then with the refined one, then, if
    ``complete`` was False, once more with the history; never with one that a later ``submit`` has made stale.
    ``on_error(error, generation)`` gets a `TruceError` or what went wrong. ``figures``: names drawn ahead, by default
    the state's view. ``explorer.draw(result, name, on_drawn)`` draws another figure elsewhere: ``on_drawn(svg)``, from
    another thread. ``explorer.make(work, *given, on_made=...)`` has a file made there. ``explorer.close()``.
    ``Pool(processes=2)`` is shared by all sessions of a server: worker processes and the cache of what was computed.
    With ``Pool(0)`` all is computed inline: ``submit`` has called back, coarse and refined, when it returns.
    ``shared_pool()`` is the process-wide one; ``pool.warm(warm_up)`` starts it ahead; ``pool.close()``.
    ``explore(state, figures=(), pool=None)`` -> the complete `Result`, computed inline.

`sim.app.result`
    `Result` (picklable): ``state, generation, coarse`` (fewer runs than wanted), ``complete`` (nothing more will come),
    ``runs``;

    - ``headline``: ``sentences`` (tuple of str: the chance by the deadline with its interval; the paired change against
      the baseline with its interval, or that it cannot be told apart; from how many runs; ``str(headline)`` joins
      them), and the numbers ``share, low, high, difference, difference_low, difference_high, distinguishable``
    - ``numbers`` (DataFrame to be shown as a table, all text: ``quantity``, ``unit``, ``scenario``, ``baseline``,
      ``change``), ``blockers`` (tuple of str: who blocks, and by how much)
    - ``history`` (`sim.experiment.replay.History` of ``state.run``, None until it is told)
    - ``figure(name, form="svg", to_keep=False)`` -> bytes, drawn on demand and kept; ``to_keep=True`` for a download
      (also ``form="png"`` and ``"pdf"``); ``drawn(name)`` -> bytes or None, never draws; ``described(name)`` -> text
      for a screen reader
    - ``tables()`` -> dict of name -> DataFrame; ``csv(name)`` -> str
    - ``comparison`` -> `sim.experiment.Comparison`, for whoever wants all of it

    ``sim.app.drawn.FIGURES``: dict of name -> `Figure` (``title``, ``explained``: one sentence).
"""

from __future__ import annotations
