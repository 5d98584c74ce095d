// The page's side of the wire: draws what the session tells, sends what is wished. All text is set as text, never as
// markup. A message has a number; the session answers with the last one it has dealt with, so that an answer that was
// overtaken does not move a slider that is being moved.

const byId = (id) => document.getElementById(id)

/** An element with properties (`data-x`, `aria-x` and `for` as attributes) and children. */
function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "for" || name === "role") element.setAttribute(name, value)
    else element[name] = value
  }
  element.append(...children)
  return element
}

const PATIENCE = 15000 // milliseconds without an answer after which the connection is called lost
const DRAG = 50 // milliseconds between two messages of a slider that is dragged
const JOIN = 1500 // milliseconds within which steps with the keys are one step to be undone
const MONTHS = "January February March April May June July August September October November December".split(" ")

function plainDate(iso) {
  const [year, month, day] = iso.split("-").map(Number)
  return `${day} ${MONTHS[month - 1]} ${year}`
}

/** Let the assumptions end with the window, wherever the page is scrolled to. */
function fit() {
  const panel = byId("assumptions")
  const top = Math.max(12, panel.parentElement.getBoundingClientRect().top)
  panel.style.setProperty("--height", `${Math.max(320, innerHeight - top - 12)}px`)
}

class Page {
  constructor(send) {
    this.send_raw = send
    this.number = 0
    this.waiting = null // since when an answer is owed
    this.sent = new Map() // number of the last message about a control or setting
    this.controls = new Map()
    this.copies = {}
    this.view = null
    this.spoken = null
    this.wire()
    this.send("ready")
    setInterval(() => this.check(), 1000)
  }

  send(kind, more = {}, about = null) {
    this.number += 1
    if (about !== null) this.sent.set(about, this.number)
    if (this.waiting === null) this.waiting = Date.now()
    this.send_raw({kind, n: this.number, ...more})
  }

  /** Whether what the session says of a control is news: nothing was sent about it since. */
  settled(about, n) {
    return (this.sent.get(about) ?? 0) <= n
  }

  check() {
    if (this.waiting !== null && Date.now() - this.waiting > PATIENCE) {
      this.complain("Truce does not answer. If it has been ended, start it again and reload this page: what you set is in the address.")
      this.waiting = null
    }
  }

  wire() {
    for (const id of ["scenario", "baseline"]) byId(id).addEventListener("change", () => this.set(id, byId(id).value))
    for (const id of ["runs", "seed"]) byId(id).addEventListener("change", () => this.setNumber(id))
    for (const id of ["deadline", "horizon"]) byId(id).addEventListener("change", () => this.set(id, byId(id).value || null))
    byId("own-dates").addEventListener("click", () => { this.set("deadline", null); this.set("horizon", null) })
    for (const id of ["undo", "redo", "reset"]) byId(id).addEventListener("click", () => this.send(id))
    document.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "z") return
      if (event.target.matches?.("input:not([type=range]), textarea")) return
      event.preventDefault()
      this.send(event.shiftKey ? "redo" : "undo")
    })
    byId("upload").addEventListener("change", () => this.upload())
    byId("another").addEventListener("click", () => this.tell(this.run + 1 < this.runs ? this.run + 1 : 0))
    byId("run").addEventListener("change", () => this.tell(byId("run").valueAsNumber))
    for (const button of document.querySelectorAll("[data-form]"))
      button.addEventListener("click", () => this.send("take_figure", {form: button.dataset.form}))
    for (const button of document.querySelectorAll("[data-copy]"))
      button.addEventListener("click", () => this.copy(button.dataset.copy))
    byId("save").addEventListener("click", () => save(this.copies.file_name, new Blob([this.copies.file], {type: "text/yaml"})))
    byId("trouble").querySelector("button").addEventListener("click", () => { byId("trouble").hidden = true })
    byId("tabs").addEventListener("keydown", (event) => this.moveTab(event))
    for (const change of ["scroll", "resize"]) addEventListener(change, fit, {passive: true})
    fit()
  }

  set(field, value) {
    this.busy()
    this.send("set", {field, value}, field)
  }

  setNumber(field) {
    const value = Number(byId(field).value)
    if (byId(field).value !== "" && Number.isInteger(value)) this.set(field, value)
    else this.complain(`${field === "runs" ? "Runs" : "The seed"}: write a whole number.`)
  }

  tell(run) {
    if (!Number.isInteger(run)) return
    byId("story").setAttribute("aria-busy", "true")
    this.send("tell", {run}, "run")
  }

  upload() {
    const [file] = byId("upload").files
    if (!file) return
    byId("upload").value = ""
    if (file.size > 2 * this.limits.text) this.complain("That file is too long for a scenario, which is a page of YAML.")
    else file.text().then((text) => { this.busy(); this.send("upload", {text}) }, () => this.complain("That file cannot be read."))
  }

  async copy(what) {
    const address = new URL(location.href)
    address.search = this.copies.link ?? ""
    const text = what === "link" ? (this.copies.link === undefined ? null : address.href) : this.copies[what]
    if (text === null) return this.complain(this.copies.no_link)
    const shown = byId("copied")
    shown.textContent = text
    shown.hidden = false
    try {
      await navigator.clipboard.writeText(text)
      this.say("Copied.")
      shown.setAttribute("aria-label", "What was copied")
    } catch { // no permission, or a page that did not come over a safe connection
      getSelection().selectAllChildren(shown)
      this.say("Selected below: copy it with Ctrl and C.")
    }
  }

  complain(text) {
    byId("trouble").querySelector("span").textContent = text
    byId("trouble").hidden = false
  }

  /** Have a screen reader say something once nothing more urgent is being said. */
  say(text) {
    byId("said").textContent = text
  }

  busy() {
    byId("progress").textContent = "computing …"
    byId("progress").classList.add("busy")
  }

  // What the session tells

  receive(message) {
    this.waiting = null
    this[`on_${message.kind}`]?.(message)
  }

  on_start({scenarios, unchanged, uploaded, figures, tables, runs, limits}) {
    this.limits = limits
    this.figures = figures
    this.uploaded = uploaded
    const options = () => scenarios.map((one) => make("option", {value: one.name, textContent: one.title}))
    byId("scenario").replaceChildren(...options())
    byId("baseline").replaceChildren(make("option", {value: unchanged, textContent: "This scenario, unchanged"}), ...options())
    byId("runs").replaceChildren(...runs.map((number) => make("option", {value: number, textContent: number.toLocaleString("en")})))
    byId("horizon").max = byId("deadline").max = limits.horizon
    byId("tabs").replaceChildren(...Object.entries(figures).map(([name, {title}]) => {
      const tab = make("button", {type: "button", id: `tab-${name}`, role: "tab", textContent: title, "aria-controls": "picture", "aria-selected": "false", tabIndex: -1})
      tab.addEventListener("click", () => this.look(name))
      return tab
    }))
    byId("tables").replaceChildren(...Object.entries(tables).map(([name, title]) => {
      const button = make("button", {type: "button", textContent: `${title} (CSV)`, "data-table": name})
      button.addEventListener("click", () => this.send("take_table", {name}))
      return button
    }))
  }

  on_controls({leading, groups}) {
    const open = new Set([...document.querySelectorAll("#groups details[open]")].map((one) => one.dataset.heading))
    this.controls.clear()
    byId("leading").replaceChildren(...leading.map((one) => this.control(one)))
    byId("groups").replaceChildren(...groups.map(({heading, controls}) => make("details", {"data-heading": heading, open: open.has(heading)},
      make("summary", {}, `${heading} `, make("span", {className: "count", textContent: `${controls.length}`})),
      ...controls.map((one) => this.control(one)))))
  }

  control(described) {
    const id = `p-${described.name.replaceAll(".", "-")}`
    const last = described.texts.length - 1
    const input = make("input", {type: "range", id, min: 0, max: last, step: 1, "aria-describedby": `${id}-help`})
    const output = make("output", {id: `${id}-value`, "for": id})
    const back = make("button", {type: "button", className: "back", textContent: "↺", title: "Back to what the scenario says", "aria-label": `${described.label}: back to what the scenario says`})
    const help = make("p", {id: `${id}-help`, className: "help", tabIndex: -1}, make("b", {textContent: described.label}), described.help)
    const track = make("div", {className: "track"}, input)
    track.style.setProperty("--home", described.home / last)
    const row = make("div", {className: "control", "data-name": described.name}, make("label", {"for": id, textContent: described.label}), output, back, track, help)
    const one = {...described, row, input, output, back, timer: null, at: 0}
    this.controls.set(described.name, one)
    input.addEventListener("input", () => this.drag(one))
    input.addEventListener("change", () => this.drop(one))
    back.addEventListener("click", () => { this.busy(); input.focus(); this.send("unchanged", {name: one.name}, one.name) })
    this.place(one, null)
    return row
  }

  /** Put a slider where its value is: at [place, text], or where the scenario has it. */
  place(one, changed) {
    const [place, text] = changed ?? [one.home, one.texts[one.home]]
    if (one.input.valueAsNumber !== place) one.input.value = place
    this.show(one, text, changed !== null)
  }

  show(one, text, changed) {
    one.output.textContent = text
    one.input.setAttribute("aria-valuetext", `${text} ${one.unit}${changed ? "" : one.law ? ", the middle of the scenario’s range" : ", as the scenario has it"}`)
    one.input.style.setProperty("--filled", `calc(.5rem + (100% - 1rem) * ${one.input.valueAsNumber / (one.texts.length - 1)})`)
    one.row.classList.toggle("other", changed)
    one.back.disabled = !changed
  }

  drag(one) {
    const place = one.input.valueAsNumber
    this.show(one, one.texts[place], true)
    this.busy()
    one.moved = true
    if (one.timer !== null) return
    const wait = Math.max(0, DRAG - (Date.now() - one.at))
    one.timer = setTimeout(() => {
      one.timer = null
      this.move(one, false)
    }, wait)
  }

  drop(one) {
    clearTimeout(one.timer)
    one.timer = null
    this.move(one, true)
  }

  move(one, final) {
    const now = Date.now()
    const joins = final && this.keyed === one.name && now - (this.keyedAt ?? 0) < JOIN
    if (final) { this.keyed = one.input.matches(":active") ? null : one.name; this.keyedAt = now }
    one.at = now
    this.send("change", {name: one.name, place: one.input.valueAsNumber, final, joins}, one.name)
  }

  on_state(state) {
    for (const one of this.controls.values())
      if (this.settled(one.name, state.n) && one.timer === null) this.place(one, state.changes[one.name] ?? null)
    if (state.scenario === undefined) return
    const scenario = byId("scenario")
    const own = scenario.querySelector(`option[value="${this.uploaded}"]`)
    if (state.scenario === this.uploaded) {
      const option = own ?? scenario.appendChild(make("option", {value: this.uploaded}))
      option.textContent = `${state.title} (your file)`
    } else own?.remove()
    byId("question").textContent = state.question || ""
    if (![...byId("runs").options].some((option) => Number(option.value) === state.runs))
      byId("runs").append(make("option", {value: state.runs, textContent: state.runs.toLocaleString("en")}))
    for (const id of ["scenario", "baseline", "runs", "seed", "run"]) if (this.settled(id, state.n)) byId(id).value = state[id]
    for (const id of ["deadline", "horizon"]) if (this.settled(id, state.n)) byId(id).value = state.dates[id]
    byId("own-dates").disabled = state.deadline === null && state.horizon === null
    byId("undo").disabled = !state.can_undo
    byId("redo").disabled = !state.can_redo
    this.run = state.run
    this.runs = state.runs
    byId("run").max = state.runs - 1
    this.copies = state.copies
    byId("command").textContent = state.copies.command
    this.select(state.view)
    const address = new URL(location.href)
    address.search = state.copies.link ?? ""
    if (address.href !== location.href) history.replaceState(null, "", address)
  }

  look(name) {
    if (name === this.view) return
    this.select(name)
    byId("figure").classList.add("old")
    this.send("look", {view: name}, "view")
  }

  select(name) {
    this.view = name
    for (const tab of byId("tabs").children) {
      const chosen = tab.id === `tab-${name}`
      tab.setAttribute("aria-selected", chosen)
      tab.tabIndex = chosen ? 0 : -1
    }
    byId("picture").setAttribute("aria-labelledby", `tab-${name}`)
    byId("explained").textContent = this.figures[name].explained
  }

  moveTab(event) {
    const names = Object.keys(this.figures)
    const step = {ArrowRight: 1, ArrowLeft: -1, Home: -names.length, End: names.length}[event.key]
    if (step === undefined) return
    event.preventDefault()
    const there = names.indexOf(this.view) + step
    const name = names[Math.abs(step) > 1 ? Math.min(Math.max(there, 0), names.length - 1) : (there + names.length) % names.length]
    byId(`tab-${name}`).focus()
    this.look(name)
  }

  on_result(result) {
    const {share, low, high, difference, coarse, complete, runs, wanted} = result
    byId("share").textContent = result.percent
    byId("until").textContent = plainDate(result.deadline)
    const scale = byId("scale")
    const at = (selector, left, width = null) => {
      const mark = scale.querySelector(selector)
      mark.style.left = `${100 * left}%`
      if (width !== null) mark.style.width = `${100 * width}%`
    }
    at(".interval", low, high - low)
    at(".dot", share)
    scale.querySelector(".other").hidden = difference === null
    if (difference !== null) at(".other", share - difference)
    byId("sentences").replaceChildren(...result.sentences.map((text) => make("p", {textContent: text})))
    const progress = byId("progress")
    progress.classList.toggle("busy", coarse)
    progress.textContent = coarse ? `${runs.toLocaleString("en")} runs, refining …` : `${runs.toLocaleString("en")} runs`
    progress.title = coarse ? `${wanted.toLocaleString("en")} are wanted` : ""
    byId("blockers").replaceChildren(...result.blockers.map((text) => make("li", {textContent: text})))
    const table = byId("numbers")
    const filled = result.columns.map((_, place) => result.rows.some((row) => row[place] !== ""))
    const kept = (row) => row.filter((_, place) => filled[place])
    table.querySelector("thead tr").replaceChildren(...kept(result.columns).map((name) => make("th", {scope: "col", textContent: name[0].toUpperCase() + name.slice(1)})))
    table.querySelector("tbody").replaceChildren(...result.rows.map((row) => make("tr", {}, ...kept(row).map((text, place) =>
      make(place ? "td" : "th", place ? {textContent: text} : {scope: "row", textContent: text})))))
    if (result.weeks) this.story(result.weeks)
    document.documentElement.dataset.shown = coarse ? "coarse" : complete ? "complete" : "refined"
    // A coarse answer is announced as such, the final one in full; while a slider moves, neither is heard to its end.
    clearTimeout(this.spoken)
    this.spoken = setTimeout(() => this.say(coarse ? "Coarse answer, refining." : result.sentences.join(" ")), 700)
  }

  story(weeks) {
    const items = []
    let quiet = 0
    const told = () => {
      if (quiet) items.push(make("li", {className: "quiet"}, make("span", {textContent: "…"}), make("p", {textContent: quiet === 1 ? "one week in which nothing is decided" : `${quiet} weeks in which nothing is decided`})))
      quiet = 0
    }
    for (const {week, day, front, events} of weeks) {
      if (!events.length) { quiet += 1; continue }
      told()
      items.push(make("li", {}, make("time", {dateTime: day, textContent: plainDate(day), title: `week ${week}`}),
        make("div", {}, ...events.map((text) => make("p", {textContent: text})), make("p", {className: "front", textContent: front}))))
    }
    told()
    byId("story").replaceChildren(make("ol", {}, ...items))
    byId("story").removeAttribute("aria-busy")
  }

  on_figure({name, svg, described}) {
    if (name !== this.view) return
    const figure = byId("figure")
    const url = URL.createObjectURL(new Blob([svg], {type: "image/svg+xml"}))
    const next = new Image()
    next.onload = next.onerror = () => {
      if (this.picture) URL.revokeObjectURL(this.picture)
      this.picture = url
      figure.src = url
      figure.alt = described
      figure.hidden = false
      figure.classList.remove("old")
      figure.dataset.name = name
    }
    next.src = url
  }

  on_file({name, type, content}) {
    save(name, new Blob([Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0))], {type}))
  }

  on_trouble({text}) {
    this.complain(text)
  }

  on_failed() {
    byId("progress").textContent = "not computed"
    byId("progress").classList.remove("busy")
  }

  on_asleep() {
    location.replace(`asleep${location.search}`)
  }
}

function save(name, blob) {
  const url = URL.createObjectURL(blob)
  make("a", {href: url, download: name}).click()
  setTimeout(() => URL.revokeObjectURL(url), 10000)
}

export function render({model}) {
  const page = new Page((message) => model.send_msg(message))
  model.on("msg:custom", (event) => page.receive(JSON.parse(event.data ?? event)))
  return document.createElement("span")
}
