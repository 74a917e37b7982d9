package io.sockeye.benchmarks.load;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * {@code --clients} lose their connection all at once, miss {@code --missed} broadcasts, and come back all at once with their private
 * id and their last offset. Each must get its old id, and what it has missed, in order. Done {@code --rounds} times, of which the first is not
 * measured. One more client stays all the time, and broadcasts.
 *
 * <p>An operation is one client that is back and has all it had missed; its latency is counted from the moment at which all set
 * out to return. Confined to the load's thread.
 */
final class RecoveryStorm implements Scenario {
    private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int HEARING_BYTES = 8 * 1024;

    private final Bench bench;
    private final List<Member> members = new ArrayList<>();
    private final int missed;
    private int said;
    private int complete;
    private long setOutAt;
    private int refused;

    RecoveryStorm(Bench bench) {
        this.bench = bench;
        missed = bench.settings().number("missed", 10);
    }

    @Override
    public void run() {
        int size = bench.settings().number("clients", 5_000);
        int rounds = bench.settings().number("rounds", 3);
        Crew crew = new Crew(bench);
        crew.grow(size + 1);
        crew.clients().forEach(client -> members.add(new Member(client)));
        Member witness = members.remove(size);
        say(witness);
        bench.loop().runUntil(() -> members.stream().allMatch(Member::isUpToDate), "an offset", TIMEOUT_NANOS);
        loseAndReturn(witness);
        bench.loop().runFor(bench.settings().nanos("settle", 2));
        Bench.Window window = bench.new Window();
        long busyNanos = 0;
        for (int i = 1; i < rounds; i++) {
            loseAndReturn(witness);
            busyNanos += System.nanoTime() - setOutAt;
            bench.loop().runFor(bench.settings().nanos("settle", 2));
        }
        window.end(bench.tally().operations());
        bench.put("secondsUntilAllAreBack", busyNanos / 1e9 / (rounds - 1));
        bench.put("refusedPerRound", (double) refused / rounds);
    }

    private void loseAndReturn(Member witness) {
        complete = 0;
        members.forEach(Member::hangUp);
        for (int i = 0; i < missed; i++) {
            say(witness);
        }
        bench.loop().runUntil(witness::isUpToDate, "the one that stays hears itself", TIMEOUT_NANOS);
        setOutAt = System.nanoTime();
        members.forEach(Member::dial);
        bench.loop().runUntil(() -> complete == members.size(), "clients come back", TIMEOUT_NANOS);
    }

    private void say(Member witness) {
        byte[] frame = Frames.fromClient("42[\"broadcast\",\"what some will have missed\"," + ++said + "]");
        witness.client.send(ByteBuffer.allocateDirect(frame.length).put(frame).flip());
    }

    /** One client over its connections. */
    private final class Member implements WebSocketClient.Listener {
        private WebSocketClient client;
        private final String sid;
        private final String pid;
        private String offset = "";
        private int heard;
        private boolean isIn = true;
        private boolean returning; // not yet back with all that was missed

        Member(WebSocketClient client) {
            this.client = client;
            this.sid = field(client.greeting(), "sid");
            this.pid = field(client.greeting(), "pid");
            client.listener(this);
            client.hear(this::onFrame, HEARING_BYTES);
        }

        boolean isUpToDate() {
            return heard == said;
        }

        void hangUp() {
            returning = true;
            isIn = false;
            client.hangUp();
        }

        void dial() {
            String join = "40{\"pid\":\"" + pid + "\",\"offset\":\"" + offset + "\"}";
            client = new WebSocketClient(this, bench.tally(), ByteBuffer.wrap(Frames.fromClient(join)));
            bench.loop().dial(client);
        }

        @Override
        public void onJoined(WebSocketClient joined) {
            String greeting = joined.greeting();
            if (!sid.equals(field(greeting, "sid")) || !pid.equals(field(greeting, "pid"))) {
                throw new LoadFailure("a session was not taken up again: " + greeting);
            }
            joined.hear(this::onFrame, HEARING_BYTES);
            isIn = true;
            countIfComplete();
        }

        @Override
        public void onEarly(String packet) {
            onPacket(packet);
        }

        @Override
        public void onAnswers(WebSocketClient asked, int count) {
            throw new IllegalStateException("nothing was asked");
        }

        /** A crowd may be too much for the queue of connections that wait to be accepted; clients come again. */
        @Override
        public void onRefused(WebSocketClient dialed, String when) {
            refused++;
            bench.loop().at(System.nanoTime() + RETRY_NANOS, this::dial);
        }

        private void onFrame(ServerFrame frame) {
            onPacket(frame.text());
        }

        private void onPacket(String packet) {
            String expected = "42[\"broadcast\",\"what some will have missed\"," + (heard + 1) + ",\"";
            if (!packet.startsWith(expected) || !packet.endsWith("\"]")) {
                throw new LoadFailure("expected " + expected + "…, got " + packet);
            }
            heard++;
            offset = packet.substring(expected.length(), packet.length() - 2);
            countIfComplete();
        }

        private void countIfComplete() {
            if (isIn && isUpToDate() && returning) {
                returning = false;
                complete++;
                bench.tally().operations(1);
                bench.tally().latency(System.nanoTime() - setOutAt);
            }
        }

        private static String field(String packet, String name) {
            int start = packet.indexOf("\"" + name + "\":\"");
            if (start < 0) {
                throw new LoadFailure("no " + name + " in " + packet);
            }
            int from = start + name.length() + 4;
            return packet.substring(from, packet.indexOf('"', from));
        }
    }
}
