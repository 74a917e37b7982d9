package io.sockeye.benchmarks.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A server that is measured: how it is started. Immutable. */
enum Peer {
    SOCKEYE("sockeye", "Sockeye"),
    SOCKEYE_INLINE("sockeye-inline", "Sockeye, handlers inline"),
    SOCKEYE_IO_URING("sockeye-io-uring", "Sockeye, inline on io_uring"),
    NODE("node", "Node.js, socket.io"),
    BUN("bun", "Bun, @socket.io/bun-engine"),
    NETTY_SOCKETIO("netty-socketio", "netty-socketio"),
    FLOOR("floor", "floor: Netty codec"),
    FLOOR_RAW("floor-raw", "floor: frames by hand");

    private static final String PACKAGE = "io.sockeye.benchmarks.";

    private final String word;
    private final String title;

    Peer(String word, String title) {
        this.word = word;
        this.title = title;
    }

    /** Its name on the command line. */
    String word() {
        return word;
    }

    /** Its name in tables. */
    String title() {
        return title;
    }

    /** The peer of that name. */
    static Peer of(String word) {
        for (Peer peer : values()) {
            if (peer.word.equals(word)) {
                return peer;
            }
        }
        throw new IllegalArgumentException("server: " + word);
    }

    /** The command that starts it on a port. */
    List<String> command(Installation installation, int port, Plan plan) {
        List<String> command = new ArrayList<>();
        switch (this) {
            case NODE -> command.addAll(List.of("node", "--expose-gc", installation.peers("node.mjs")));
            case BUN ->
                command.addAll(List.of(
                        installation.peers("node_modules/@oven/bun-linux-x64/bin/bun"), installation.peers("bun.mjs")));
            case NETTY_SOCKETIO -> {
                Path home = Path.of(installation.peers("netty-socketio"));
                command.addAll(installation.java(plan.serverJvmFlags(), installation.classPath(home)));
                command.add(PACKAGE + "peer.ServeNettySocketIo");
            }
            case SOCKEYE, SOCKEYE_INLINE, SOCKEYE_IO_URING -> {
                command.addAll(installation.java(plan.serverJvmFlags(), installation.classPath()));
                command.add(PACKAGE + "ServeSockeye");
            }
            case FLOOR, FLOOR_RAW -> {
                command.addAll(installation.java(plan.serverJvmFlags(), installation.classPath()));
                command.add(PACKAGE + "floor.FloorServer");
            }
        }
        command.add(Integer.toString(port));
        command.addAll(plan.serverFlags());
        command.add("--until-eof");
        if (this == SOCKEYE_INLINE) {
            command.add("--inline");
        } else if (this == SOCKEYE_IO_URING) {
            command.addAll(List.of("--inline", "--io-uring"));
        } else if (this == FLOOR_RAW) {
            command.add("--raw");
        } else if (this == NETTY_SOCKETIO && plan.binary()) {
            command.add("--binary");
        }
        return command;
    }

    /** What the load has to know about this server beside the plan. */
    List<String> loadFlags(Plan plan) {
        if (this != NETTY_SOCKETIO) {
            return List.of();
        } else if (plan.binary()) {
            return List.of("--typed-attachments", "true");
        } else if (plan.polling()) {
            return List.of("--ended-by-server", "true");
        }
        return List.of();
    }

    /** Whether it can do what the plan asks for. */
    boolean serves(Plan plan) {
        return switch (this) {
            case FLOOR -> !plan.polling() && !plan.recovers();
            case FLOOR_RAW -> !plan.polling() && !plan.compressed() && !plan.recovers();
            case NETTY_SOCKETIO -> !plan.recovers();
            case BUN -> !plan.compressed(); // its engine does not ask Bun to compress
            default -> true;
        };
    }
}
