package io.sockeye.engine;

import java.util.concurrent.atomic.LongAdder;

/** Counts what a server does. Thread-safe. */
final class EngineCounters {
    private final LongAdder opened = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder upgraded = new LongAdder();
    private final LongAdder droppedPackets = new LongAdder();
    private final LongAdder parseErrors = new LongAdder();

    void opened() {
        opened.increment();
    }

    void refused() {
        refused.increment();
    }

    void upgraded() {
        upgraded.increment();
    }

    void dropped(int packets) {
        droppedPackets.add(packets);
    }

    void closed(CloseReason reason) {
        if (reason == CloseReason.PARSE_ERROR) {
            parseErrors.increment();
        }
    }

    EngineStats snapshot(int sessions) {
        return new EngineStats(
                sessions, opened.sum(), refused.sum(), upgraded.sum(), droppedPackets.sum(), parseErrors.sum());
    }
}
