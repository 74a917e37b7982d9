package io.sockeye.benchmarks.run;

import io.sockeye.benchmarks.run.Measurement.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All outcomes, and medians over rounds. Confined to the main thread. */
final class Results {
    private final Map<String, Map<Peer, List<Outcome>>> outcomes = new LinkedHashMap<>();

    void add(Plan plan, Peer peer, Outcome outcome) {
        outcomes.computeIfAbsent(plan.name(), name -> new LinkedHashMap<>())
                .computeIfAbsent(peer, server -> new ArrayList<>())
                .add(outcome);
    }

    /** The values of a figure in all rounds that have it, sorted. */
    List<Double> values(Plan plan, Peer peer, String figure) {
        return of(plan, peer).stream()
                .map(outcome -> outcome.figures().getOrDefault(figure, Double.NaN))
                .filter(value -> !value.isNaN())
                .sorted()
                .toList();
    }

    /** The middle of a figure's values; NaN when there are none. */
    double median(Plan plan, Peer peer, String figure) {
        return middle(values(plan, peer, figure));
    }

    private static double middle(List<Double> sorted) {
        if (sorted.isEmpty()) {
            return Double.NaN;
        }
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** The middle of what a figure is in proportion to another server's of the same round; NaN when no round has both. */
    double medianRatio(Plan plan, Peer peer, Peer base, String figure) {
        List<Double> ratios = new ArrayList<>();
        List<Outcome> ours = of(plan, peer);
        List<Outcome> theirs = of(plan, base);
        for (int round = 0; round < Math.min(ours.size(), theirs.size()); round++) {
            double ratio = ours.get(round).figures().getOrDefault(figure, Double.NaN)
                    / theirs.get(round).figures().getOrDefault(figure, Double.NaN);
            if (Double.isFinite(ratio)) {
                ratios.add(ratio);
            }
        }
        ratios.sort(null);
        return middle(ratios);
    }

    /** How far the values lie apart: half of the way from the least to the greatest, in proportion to the median. */
    double spread(Plan plan, Peer peer, String figure) {
        List<Double> sorted = values(plan, peer, figure);
        return sorted.isEmpty()
                ? Double.NaN
                : (sorted.get(sorted.size() - 1) - sorted.get(0)) / 2 / median(plan, peer, figure);
    }

    /** Why measurements failed, if any did. */
    List<String> failures(Plan plan, Peer peer) {
        return of(plan, peer).stream()
                .map(Outcome::failure)
                .filter(failure -> !failure.isEmpty())
                .toList();
    }

    private List<Outcome> of(Plan plan, Peer peer) {
        return outcomes.getOrDefault(plan.name(), Map.of()).getOrDefault(peer, List.of());
    }
}
