/* As many draws, transforms and operations as the model makes, and nothing else: what one core could do at best.
 *
 * usage: limit runs weeks uniforms normals logistics logarithms powers exponentials operations
 * The last seven are counts of one run in one week. A logistic number takes two logarithms, which are not among the
 * `logarithms`. Prints the seconds of processor time, and a sum that keeps the compiler from leaving anything out.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define RUNS 4 /* Philox gives four numbers at a time: those of four neighbouring runs */
#define STATE 32

/* Philox4x64-10 (Salmon et al. 2011), as in NumPy. */
static void philox(const uint64_t key[2], uint64_t block, uint64_t week, double u[RUNS]) {
    uint64_t x0 = block + 1, x1 = week, x2 = 0, x3 = 0, k0 = key[0], k1 = key[1];
    for (int round = 0; round < 10; round++) {
        unsigned __int128 a = (unsigned __int128)0xD2E7470EE14C6C93ULL * x0;
        unsigned __int128 b = (unsigned __int128)0xCA5A826395121157ULL * x2;
        uint64_t y0 = (uint64_t)(b >> 64) ^ x1 ^ k0, y2 = (uint64_t)(a >> 64) ^ x3 ^ k1;
        x1 = (uint64_t)b, x3 = (uint64_t)a, x0 = y0, x2 = y2;
        k0 += 0x9E3779B97F4A7C15ULL, k1 += 0xBB67AE8584CAA73BULL;
    }
    const uint64_t x[RUNS] = {x0, x1, x2, x3};
    for (int r = 0; r < RUNS; r++) u[r] = fmax((double)(int64_t)(x[r] >> 11) * 0x1p-53, 0x1p-54);
}

static double ratio(const double *c, double x) {
    double top = c[7], bottom = c[15];
    for (int i = 6; i >= 0; i--) top = top * x + c[i], bottom = bottom * x + c[i + 8];
    return top / bottom;
}

/* Quantile of the normal law: Wichura (1988), Algorithm AS 241, PPND16. */
static double normal(double p) {
    static const double centre[16] = {
        3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
        4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3,
        1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
        2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3};
    static const double tail[16] = {
        1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
        1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4,
        1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
        1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9};
    static const double far[16] = {
        6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
        2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
        1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
        7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15};
    double q = p - 0.5;
    if (fabs(q) <= 0.425) return q * ratio(centre, 0.180625 - q * q);
    double r = sqrt(-log(q < 0 ? p : 1 - p));
    double x = r <= 5 ? ratio(tail, r - 1.6) : ratio(far, r - 5);
    return q < 0 ? -x : x;
}

int main(int arguments, char **argument) {
    long count[9];
    if (arguments != 10) return 1;
    for (int i = 0; i < 9; i++) count[i] = atol(argument[i + 1]);
    long runs = count[0], weeks = count[1], streams = count[2], normals = count[3], logistics = count[4];
    long logarithms = count[5], powers = count[6], exponentials = count[7], operations = count[8];
    uint64_t(*keys)[2] = malloc(streams * sizeof *keys);
    for (long s = 0; s < streams; s++) keys[s][0] = 0x9E3779B9ULL * (s + 1), keys[s][1] = 0xBB67AE85ULL * (s + 7);
    double sum = 0;
    clock_t start = clock();
    for (long block = 0; block < runs / RUNS; block++) {
        double state[STATE][RUNS] = {{0}};
        for (long week = 0; week < weeks; week++) {
            double last[RUNS] = {0}, u[RUNS] = {0};
            long logs = logarithms, raised = powers, exps = exponentials, done = 0;
            for (long s = 0; s < streams; s++) {
                philox(keys[s], block, week, u);
                for (int r = 0; r < RUNS; r++) {
                    double x = u[r];
                    if (s < normals) x = normal(x);
                    else if (s < normals + logistics) x = log(x) - log1p(-x);
                    last[r] = x;
                }
                for (; logs > 0 && logs * streams > logarithms * (streams - 1 - s); logs--)
                    for (int r = 0; r < RUNS; r++) last[r] -= log(u[r] + (double)logs);
                for (; raised > 0 && raised * streams > powers * (streams - 1 - s); raised--)
                    for (int r = 0; r < RUNS; r++) last[r] += pow(u[r], 1.5 + 0.1 * (double)raised);
                for (; exps > 0 && exps * streams > exponentials * (streams - 1 - s); exps--)
                    for (int r = 0; r < RUNS; r++) last[r] += exp(-u[r] * (double)exps);
                /* Multiply and add: two operations on each number of the state in turn. */
                for (; done < operations * (s + 1) / streams; done += 2) {
                    double *numbers = state[done / 2 % STATE];
                    for (int r = 0; r < RUNS; r++) numbers[r] = numbers[r] * 0.9 + last[r];
                }
            }
        }
        for (int i = 0; i < STATE; i++)
            for (int r = 0; r < RUNS; r++) sum += state[i][r];
    }
    printf("%.9f %.9g\n", (double)(clock() - start) / CLOCKS_PER_SEC, sum);
    return 0;
}
