package io.sockeye.adapter.redis;

import java.util.HashMap;
import java.util.Map;

/** The streams that the namespaces of one adapter read, each read once. Thread-safe. */
final class StreamReaders {
    private final StreamsSettings.Values settings;
    private final Map<String, Shared> readers = new HashMap<>(); // guarded by itself

    private static final class Shared {
        private final StreamReader reader;
        private int users;

        Shared(StreamReader reader) {
            this.reader = reader;
        }
    }

    StreamReaders(StreamsSettings.Values settings) {
        this.settings = settings;
    }

    /** Takes part in reading a stream, to be ended by {@link #release}. */
    StreamReader use(RedisLink link, String stream) {
        synchronized (readers) {
            Shared shared = readers.computeIfAbsent(stream, name -> new Shared(new StreamReader(link, name, settings)));
            shared.users++;
            return shared.reader;
        }
    }

    /** Ends a use; reading ends with the last one. */
    void release(String stream) {
        synchronized (readers) {
            Shared shared = readers.get(stream);
            if (shared != null && --shared.users == 0) {
                readers.remove(stream);
                shared.reader.close();
            }
        }
    }
}
