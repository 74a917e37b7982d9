package io.sockeye.benchmarks.run;

import java.util.List;

/**
 * One scenario as it is run: what is told to the load and to the servers, and which figure counts. Immutable.
 *
 * @param name its name on the command line and in tables
 * @param title what it is, for the table
 * @param load the load's command line: its scenario, then its flags
 * @param figure the name of the figure that counts, as the load prints it
 * @param unit that figure's unit
 * @param serverFlags flags for every server
 * @param serverJvmFlags flags for every server that runs on a JVM
 */
record Plan(
        String name,
        String title,
        List<String> load,
        String figure,
        String unit,
        List<String> serverFlags,
        List<String> serverJvmFlags) {

    /** What servers may take of memory; no more than a small container has. */
    static final List<String> HEAP = List.of("-Xms256m", "-Xmx1g");

    /**
     * A heap that follows what lives in it, with a small young generation, so that the resident set says what connections
     * take and not how much garbage fits beside them.
     */
    static final List<String> TIGHT_HEAP =
            List.of("-Xms24m", "-Xmn16m", "-Xmx1g", "-XX:MinHeapFreeRatio=5", "-XX:MaxHeapFreeRatio=10");

    /** A plan whose figure is CPU time per operation. */
    static Plan perOperation(String name, String title, String... load) {
        return new Plan(name, title, List.of(load), "cpuMicrosPerOperation", "µs", List.of(), HEAP);
    }

    /** A plan whose figure is CPU time per delivered message. */
    static Plan perDelivery(String name, String title, String... load) {
        return new Plan(name, title, List.of(load), "cpuMicrosPerDelivery", "µs", List.of(), HEAP);
    }

    /** Whether messages carry binary data. */
    boolean binary() {
        return load.contains("binary");
    }

    /** Whether messages are compressed. */
    boolean compressed() {
        return serverFlags.contains("--deflate");
    }

    /** Whether clients come back with their sessions. */
    boolean recovers() {
        return serverFlags.contains("--recovery");
    }

    /** Whether clients poll. */
    boolean polling() {
        return load.get(0).equals("polling");
    }
}
