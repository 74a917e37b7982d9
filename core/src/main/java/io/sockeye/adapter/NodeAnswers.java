package io.sockeye.adapter;

import java.util.List;

/**
 * What the nodes of a cluster answered to a question, and how many did not in time. Immutable.
 *
 * @param received the answers, in no order
 * @param missing how many nodes have not answered
 * @param <T> what an answer consists of
 */
public record NodeAnswers<T>(List<T> received, int missing) {

    /** Copies the list. */
    public NodeAnswers {
        received = List.copyOf(received);
        if (missing < 0) {
            throw new IllegalArgumentException("missing: " + missing + " (expected: >= 0)");
        }
    }

    /** Answers that are complete. */
    public static <T> NodeAnswers<T> complete(List<T> received) {
        return new NodeAnswers<>(received, 0);
    }
}
