package io.sockeye.benchmarks.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** All scenarios, by name and by group. Immutable once made. */
final class Plans {
    /** What a process needs beside its connections. */
    private static final int OTHER_FILES = 500;

    private static final int MANY = 10_000;
    private static final int HEARTBEAT_MILLIS = 1000;
    private static final String CHAT_SIZES = "30,48,64,20,96,40,180,36,24,400,72,50,30,1200,44,64,28,120,56,4000";

    private final Map<String, Plan> plans = new LinkedHashMap<>();
    private final Map<String, List<String>> groups = new LinkedHashMap<>();

    /** @param openFiles how many files a process may have open */
    Plans(int openFiles) {
        String many = Integer.toString(Math.min(MANY, openFiles - OTHER_FILES));
        table();
        more(many, Integer.toString(Math.min(MANY, (openFiles - OTHER_FILES) / 2)));
        growth(List.of("10", "100", "1000", many));
        groups.put("all", List.copyOf(plans.keySet()));
    }

    /** The plans of names and groups separated by commas, in order, without repetition. */
    List<Plan> select(String words) {
        LinkedHashSet<String> names = new LinkedHashSet<>();
        for (String word : words.split(",", -1)) {
            names.addAll(groups.getOrDefault(word, List.of(word)));
        }
        List<Plan> selected = new ArrayList<>();
        for (String name : names) {
            Plan plan = plans.get(name);
            if (plan == null) {
                throw new IllegalArgumentException(
                        "scenario: " + name + " (expected: " + plans.keySet() + " or " + groups.keySet() + ")");
            }
            selected.add(plan);
        }
        return selected;
    }

    private void table() {
        int before = plans.size();
        add(Plan.perOperation("echo", "echo, 64 × 8 × 64 B", "echo"));
        add(Plan.perOperation("echo-1", "echo, 64 × 1 in flight", "echo", "--in-flight", "1"));
        add(Plan.perOperation("ack", "ack, 64 × 8 × 64 B", "echo", "--event", "ack"));
        add(Plan.perDelivery("broadcast", "broadcast to 1,000", "fan-out", "--clients", "1000"));
        add(Plan.perDelivery("rooms", "50 rooms of 20", "fan-out", "--to", "rooms", "--clients", "1000"));
        add(Plan.perOperation("binary", "binary 1 KiB, 64 × 8", "echo", "--event", "binary", "--bytes", "1024"));
        // Accepting, HTTP and joining are a lot of code, which compilers take longer to be done with.
        add(Plan.perOperation("polling", "polling echo, 64 clients", words("polling --least-warmup 10")));
        add(Plan.perOperation("connect", "connect and leave, 16 at once", words("connects --least-warmup 12")));
        add(Plan.perOperation(
                "json-64k",
                "echo 64 KiB JSON, 16 × 1",
                words("echo --json true --bytes 65000 --clients 16 --in-flight 1")));
        group("table", before);
    }

    private void more(String many, String half) {
        int before = plans.size();
        add(Plan.perOperation("echo-4k", "echo 4 KiB, 64 × 8", "echo", "--bytes", "4096"));
        add(new Plan(
                "deflate",
                "echo 4 KiB JSON, compressed, 64 × 8",
                List.of(words("echo --json true --bytes 4096 --deflate true")),
                "cpuMicrosPerOperation",
                "µs",
                List.of("--deflate"),
                Plan.HEAP));
        add(Plan.perDelivery(
                "chat",
                "chat: 50 rooms of 20, 20 B to 4 kB",
                words("fan-out --to rooms --clients 1000 --sizes " + CHAT_SIZES)));
        add(new Plan(
                "idle",
                "memory of an idle connection, 2,000 to " + many,
                List.of(words("idle --clients 2000 --more " + many)),
                "bytesPerConnection",
                "B",
                List.of(),
                Plan.TIGHT_HEAP));
        add(new Plan(
                "heartbeat",
                "heartbeat, 2,000 clients",
                List.of(words("heartbeats --clients 2000 --interval " + HEARTBEAT_MILLIS / 1000)),
                "cpuMicrosPerOperation",
                "µs",
                List.of("--ping-interval", Integer.toString(HEARTBEAT_MILLIS)),
                Plan.HEAP));
        add(Plan.perDelivery("broadcast-10k", "broadcast to " + many, "fan-out", "--clients", many));
        add(Plan.perOperation("avalanche", half + " reconnect at once", "avalanche", "--clients", half));
        add(new Plan(
                "recovery-storm",
                half + " come back at once, and get what they missed",
                List.of(words("recovery-storm --clients " + half)),
                "cpuMicrosPerOperation",
                "µs",
                List.of("--recovery"),
                Plan.HEAP));
        group("more", before);
    }

    private void growth(List<String> sizes) {
        int before = plans.size();
        for (String size : sizes) {
            add(Plan.perOperation(
                    "growth-echo-" + size,
                    "echo, 10 in flight among " + size + " clients",
                    words("echo --in-flight 1 --active 10 --clients " + size)));
        }
        for (String size : sizes) {
            add(Plan.perDelivery("growth-broadcast-" + size, "broadcast to " + size, "fan-out", "--clients", size));
        }
        for (String size : sizes) {
            add(Plan.perDelivery(
                    "growth-rooms-" + size,
                    size + " clients in " + size + " rooms of 10",
                    words("fan-out --to rooms --room 10 --rooms-each 10 --active 1 --clients " + size)));
        }
        group("growth", before);
    }

    private void add(Plan plan) {
        plans.put(plan.name(), plan);
    }

    private void group(String name, int firstPlan) {
        groups.put(name, List.copyOf(plans.keySet()).subList(firstPlan, plans.size()));
    }

    private static String[] words(String line) {
        return line.split(" ", -1);
    }
}
