package io.sockeye.conformance;

/** How a client connects. */
enum Way {
    POLLING,
    WEBSOCKET,
    UPGRADE;

    String[] transports() {
        return switch (this) {
            case POLLING -> new String[] {"polling"};
            case WEBSOCKET -> new String[] {"websocket"};
            case UPGRADE -> new String[] {"polling", "websocket"};
        };
    }
}
