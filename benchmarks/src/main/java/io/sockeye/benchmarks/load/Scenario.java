package io.sockeye.benchmarks.load;

/** Something that clients do with a server. */
@FunctionalInterface
interface Scenario {
    /** Does it, and puts what was measured. Runs on the load's thread, turning the bench's loop. */
    void run();
}
