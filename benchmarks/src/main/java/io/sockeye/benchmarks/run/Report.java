package io.sockeye.benchmarks.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;

/** The results as Markdown. Confined to the main thread. */
final class Report {
    private static final List<String> DETAILS = List.of(
            "p50Micros",
            "p99Micros",
            "residentMegabytes",
            "allocatedBytes",
            "foreignPercent",
            "seconds",
            "secondsUntilAllAreBack",
            "refusedPerRound",
            "bytesPerConnectionWithGarbage",
            "cpuMicrosPerOperation",
            "loadMicrosPerOperation",
            "loadMicrosPerDelivery");

    private final Results results;
    private final List<Plan> plans;
    private final List<Peer> peers;
    private final StringBuilder text = new StringBuilder();

    Report(Results results, List<Plan> plans, List<Peer> peers) {
        this.results = results;
        this.plans = plans;
        this.peers = peers;
    }

    /** The whole report. */
    String markdown(List<String> facts, int rounds) {
        text.append("# Benchmark results\n\n");
        facts.forEach(fact -> text.append("* ").append(fact).append('\n'));
        text.append("\nServer CPU time (user and system) per operation on one core; medians of ")
                .append(rounds)
                .append(" rounds, ± half of the range. Smaller is better.\n\n");
        matrix("server", this::medianAndSpread);
        ratios("Times the floor (Netty's codec)", Peer.FLOOR);
        ratios("Times Node.js", Peer.NODE);
        text.append("\n## By scenario\n");
        plans.forEach(this::details);
        return text.toString();
    }

    private void ratios(String title, Peer base) {
        if (peers.contains(base) && peers.size() > 1) {
            text.append("\n## ").append(title).append("\n\n");
            matrix("server", (plan, peer) -> ratio(plan, peer, base));
        }
    }

    /** A row for each server, a column for each scenario. */
    private void matrix(String corner, BiFunction<Plan, Peer, String> cell) {
        List<String> head = new ArrayList<>(List.of(corner));
        plans.forEach(plan -> head.add(plan.name() + ", " + plan.unit()));
        row(head);
        text.append("|---").append("|--:".repeat(plans.size())).append("|\n");
        for (Peer peer : peers) {
            List<String> cells = new ArrayList<>(List.of(peer.title()));
            plans.forEach(plan -> cells.add(cell.apply(plan, peer)));
            row(cells);
        }
    }

    private void details(Plan plan) {
        text.append("\n### ")
                .append(plan.name())
                .append(": ")
                .append(plan.title())
                .append("\n\n");
        List<String> columns = DETAILS.stream()
                .filter(figure -> !figure.equals(plan.figure()))
                .filter(figure -> peers.stream()
                        .anyMatch(peer -> !results.values(plan, peer, figure).isEmpty()))
                .toList();
        List<String> head = new ArrayList<>(List.of("server", plan.figure(), "range"));
        head.addAll(columns);
        row(head);
        text.append("|---").append("|--:".repeat(columns.size() + 2)).append("|\n");
        for (Peer peer : peers) {
            List<Double> values = results.values(plan, peer, plan.figure());
            List<String> cells =
                    new ArrayList<>(List.of(peer.title(), number(results.median(plan, peer, plan.figure()))));
            cells.add(values.isEmpty() ? "–" : number(values.get(0)) + " to " + number(values.get(values.size() - 1)));
            columns.forEach(figure -> cells.add(number(results.median(plan, peer, figure))));
            row(cells);
        }
        for (Peer peer : peers) {
            results.failures(plan, peer).stream()
                    .distinct()
                    .forEach(why -> text.append("\n* ")
                            .append(peer.title())
                            .append(" failed: ")
                            .append(why)
                            .append('\n'));
        }
    }

    private String medianAndSpread(Plan plan, Peer peer) {
        double median = results.median(plan, peer, plan.figure());
        if (Double.isNaN(median)) {
            return results.failures(plan, peer).isEmpty() ? "–" : "failed";
        }
        return number(median) + " ±" + Math.round(100 * results.spread(plan, peer, plan.figure())) + " %";
    }

    private String ratio(Plan plan, Peer peer, Peer base) {
        double ratio = results.medianRatio(plan, peer, base, plan.figure());
        return Double.isNaN(ratio) ? "–" : String.format(Locale.ROOT, "%.2f", ratio);
    }

    private void row(List<String> cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    /** Three digits that count. */
    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "–";
        } else if (Math.abs(value) >= 100 || value == 0) {
            return Long.toString(Math.round(value));
        }
        return String.format(Locale.ROOT, Math.abs(value) >= 10 ? "%.1f" : "%.2f", value);
    }
}
