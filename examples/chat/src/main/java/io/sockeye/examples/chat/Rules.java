package io.sockeye.examples.chat;

import io.sockeye.ConnectError;
import io.sockeye.examples.chat.Messages.Join;
import io.sockeye.examples.chat.Messages.Message;
import io.sockeye.examples.chat.Messages.Picture;
import io.sockeye.examples.chat.Messages.Post;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What may be said and how people and rooms may be called. Without state. */
final class Rules {
    static final int MAX_TEXT = 2000;
    static final int MAX_PICTURE_BYTES = 500_000;

    private static final int MAX_TOKEN = 64;
    private static final Pattern NICKNAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N} ._-]{0,23}");
    private static final Pattern ROOM = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N}_-]{0,29}");

    private Rules() {}

    static String nickname(Join join) {
        String nickname = tidy(join.nickname());
        if (!NICKNAME.matcher(nickname).matches()) {
            throw refusal("nickname", "A nickname has 1 to 24 letters, digits, spaces, dots, dashes or underscores.");
        }
        return nickname;
    }

    static String room(Join join) {
        String room = tidy(join.room()).toLowerCase(Locale.ROOT);
        if (!ROOM.matcher(room).matches()) {
            throw refusal("room", "A room’s name has 1 to 30 letters, digits, dashes or underscores.");
        }
        return room;
    }

    static String key(Join join) {
        String key = join.key();
        if (key == null || key.isEmpty() || key.length() > MAX_TOKEN) {
            throw refusal("key", "A key of 1 to 64 characters is missing.");
        }
        return key;
    }

    /** Refuses somebody; the page marks the field and shows the text. */
    static ConnectError refusal(String field, String text) {
        return new ConnectError(text, Map.of("field", field));
    }

    /**
     * Makes a message of a post.
     *
     * @throws PostRefused when it may not be said
     */
    static Message message(Post post, String from, long at) throws PostRefused {
        String id = post.id();
        if (id == null || id.isEmpty() || id.length() > MAX_TOKEN) {
            throw new PostRefused("The message’s id is missing or too long.");
        }
        String text = post.text() == null ? "" : post.text().strip();
        if (text.length() > MAX_TEXT) {
            throw new PostRefused(
                    "A message has at most " + MAX_TEXT + " characters; this one has " + text.length() + ".");
        }
        Picture picture = post.picture() == null ? null : picture(post.picture());
        if (text.isEmpty() && picture == null) {
            throw new PostRefused("The message is empty.");
        }
        return new Message(id, from, text, picture, at);
    }

    private static Picture picture(byte[] data) throws PostRefused {
        if (data.length > MAX_PICTURE_BYTES) {
            throw new PostRefused("A picture has at most 500 KB.");
        }
        String type = PictureType.of(data);
        if (type == null) {
            throw new PostRefused("Only PNG, JPEG, GIF and WebP pictures can be sent.");
        }
        return new Picture(type, data);
    }

    /** Without spaces around it, and accented letters in the one form of the two that Unicode has. */
    private static String tidy(@Nullable String name) {
        return name == null ? "" : Normalizer.normalize(name.strip(), Normalizer.Form.NFC);
    }
}
