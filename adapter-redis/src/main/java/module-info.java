import org.jspecify.annotations.NullMarked;

/** Sockeye in clusters through Redis. */
@NullMarked
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // Lettuce has no descriptor
module io.sockeye.adapter.redis {
    requires transitive io.sockeye.core;
    requires transitive lettuce.core;
    requires static transitive org.jspecify;
    requires org.slf4j;
    requires io.netty.common;

    exports io.sockeye.adapter.redis;
}
