package io.sockeye.benchmarks.load;

/**
 * Counts of durations, in buckets at most 1/64 apart. Confined to the load's thread.
 *
 * <p>Each power of two is divided into {@value #STEPS} equal buckets; durations below that number have one each.
 */
final class Histogram {
    private static final int STEP_BITS = 6;
    private static final int STEPS = 1 << STEP_BITS;

    private final long[] counts = new long[(Long.SIZE - STEP_BITS + 1) * STEPS];
    private long total;

    /** Counts a duration; a negative one counts as zero. */
    void record(long nanos) {
        counts[bucket(Math.max(0, nanos))]++;
        total++;
    }

    /** Forgets everything. */
    void clear() {
        java.util.Arrays.fill(counts, 0);
        total = 0;
    }

    /** How many durations were counted. */
    long total() {
        return total;
    }

    /** The upper end of the bucket that holds the duration not exceeded by this share of all; 0 when there is none. */
    long quantile(double share) {
        long rank = (long) Math.ceil(share * total);
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= rank && seen > 0) {
                return upperEnd(i);
            }
        }
        return 0;
    }

    private static int bucket(long nanos) {
        if (nanos < STEPS) {
            return (int) nanos;
        }
        int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos) - STEP_BITS;
        return (shift + 1) * STEPS + (int) ((nanos >>> shift) - STEPS);
    }

    private static long upperEnd(int bucket) {
        if (bucket < STEPS) {
            return bucket;
        }
        int shift = bucket / STEPS - 1;
        return ((long) (bucket % STEPS + STEPS + 1) << shift) - 1;
    }
}
