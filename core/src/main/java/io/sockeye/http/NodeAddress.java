package io.sockeye.http;

/**
 * Where the other nodes of a cluster reach a node. Immutable.
 *
 * @param host an IP address, or a name that the other nodes can resolve
 * @param port the port that the node listens on, as the other nodes see it
 */
public record NodeAddress(String host, int port) {

    /** Checks the parts. */
    public NodeAddress {
        if (host.isBlank() || host.indexOf('/') >= 0) {
            throw new IllegalArgumentException("host: " + host + " (expected: an address or a name)");
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 1-65535)");
        }
    }

    /**
     * The address of that text: {@code 10.0.0.5:3000}, {@code node-1.internal:3000} or {@code [fd00::5]:3000}.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static NodeAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            host = "";
        }
        try {
            return new NodeAddress(host, Integer.parseInt(text.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("address: " + text + " (expected: host:port)", e);
        }
    }

    /** The text that {@link #parse} reads. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
