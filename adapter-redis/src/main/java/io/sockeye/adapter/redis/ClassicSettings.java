package io.sockeye.adapter.redis;

/** Settings of {@link RedisAdapter#classic}. Confined to the caller's thread. */
public final class ClassicSettings extends RedisAdapterSettings<ClassicSettings> {
    private String key = "socket.io";
    private boolean specificResponses;

    ClassicSettings() {}

    @Override
    ClassicSettings self() {
        return this;
    }

    /** What the names of all channels begin with. Default: {@code socket.io}. */
    public ClassicSettings key(String value) {
        this.key = named("key", value);
        return this;
    }

    /** Whether answers go to the node that asked alone, and not to all. Default: false. */
    public ClassicSettings publishOnSpecificResponseChannel(boolean value) {
        this.specificResponses = value;
        return this;
    }

    /** The settings as they are now. */
    Values values() {
        return new Values(key, specificResponses);
    }

    /** Immutable. */
    record Values(String key, boolean specificResponses) {}
}
