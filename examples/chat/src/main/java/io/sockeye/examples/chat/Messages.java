package io.sockeye.examples.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the page and the server say to each other. Jackson turns these records into JSON and back; bytes travel as bytes. */
final class Messages {
    private Messages() {}

    /**
     * What a page says when it connects. Nothing in it has been checked yet.
     *
     * @param key a secret of that page, by which it gets its nickname back when it reconnects
     */
    record Join(
            @Nullable String room,
            @Nullable String nickname,
            @Nullable String key) {}

    /** The answer to somebody who has joined. */
    record Welcome(String room, String nickname, List<String> online, List<Message> history) {}

    /** Somebody has joined or left. */
    record Presence(String nickname, List<String> online, long at) {}

    /**
     * What somebody wants to say: a text or a picture. Nothing in it has been checked yet.
     *
     * @param id a random text, by which a message that is sent again is known
     */
    record Post(@Nullable String id, @Nullable String text, byte @Nullable [] picture) {}

    /**
     * What somebody has said.
     *
     * @param at milliseconds since 1970
     */
    record Message(
            String id, String from, String text, @Nullable Picture picture, long at) {}

    /** An image. */
    record Picture(String type, byte[] data) {}

    /**
     * Whether the server has taken a post.
     *
     * @param at milliseconds since 1970; 0 when it was refused
     * @param error why it was refused; null when it was not
     */
    record Receipt(long at, @Nullable String error) {
        static Receipt taken(Message message) {
            return new Receipt(message.at(), null);
        }

        static Receipt refused(String error) {
            return new Receipt(0, error);
        }
    }
}
