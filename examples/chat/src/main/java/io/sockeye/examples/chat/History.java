package io.sockeye.examples.chat;

import io.sockeye.examples.chat.Messages.Message;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The last messages of a room, by their ids, oldest first. Guarded by its room. */
final class History {
    static final int MAX_MESSAGES = 100;
    /** Pictures are large; and a client accepts ten pieces of binary data in one event, no more. */
    static final int MAX_PICTURES = 3;

    private final Map<String, Message> messages = new LinkedHashMap<>();

    /** Adds a message, which may push out an older one, unless there is one of its id already, which is returned then. */
    @Nullable Message keep(Message message) {
        Message before = messages.putIfAbsent(message.id(), message);
        if (before == null) {
            forgetBeyond(MAX_MESSAGES, any -> true);
            forgetBeyond(MAX_PICTURES, any -> any.picture() != null);
        }
        return before;
    }

    List<Message> messages() {
        return List.copyOf(messages.values());
    }

    private void forgetBeyond(int limit, Predicate<Message> kind) {
        if (messages.values().stream().filter(kind).count() > limit) {
            messages.values().stream().filter(kind).findFirst().ifPresent(oldest -> messages.remove(oldest.id()));
        }
    }
}
