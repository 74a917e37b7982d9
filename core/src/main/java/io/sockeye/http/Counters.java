package io.sockeye.http;

import java.util.concurrent.atomic.LongAdder;

/** What a server counts; see {@link HttpServerStats}. Thread-safe. */
final class Counters {
    final LongAdder closed = new LongAdder();
    final LongAdder accepted = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder requests = new LongAdder();
    final LongAdder malformed = new LongAdder();
    final LongAdder timedOut = new LongAdder();
    final LongAdder handlerFailures = new LongAdder();

    HttpServerStats snapshot() {
        long closedSoFar = closed.sum(); // before accepted, so that the difference is never negative
        long acceptedSoFar = accepted.sum();
        return new HttpServerStats(
                acceptedSoFar - closedSoFar,
                acceptedSoFar,
                refused.sum(),
                requests.sum(),
                malformed.sum(),
                timedOut.sum(),
                handlerFailures.sum());
    }
}
