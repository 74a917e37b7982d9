package io.sockeye.examples.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sockeye.ConnectError;
import io.sockeye.examples.chat.Messages.Join;
import io.sockeye.examples.chat.Messages.Message;
import io.sockeye.examples.chat.Messages.Post;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be said, and how people and rooms may be called. */
class RulesTest {
    private static final byte[] GIF = "GIF89a…".getBytes(StandardCharsets.UTF_8);

    @ParameterizedTest
    @ValueSource(strings = {"Ada", " Ada ", "Ada Lovelace", "Żółć-1", "अदिति", "阿达"})
    void nicknamesOfEveryScriptAreTaken(String nickname) {
        assertThat(Rules.nickname(new Join("lobby", nickname, "key"))).isEqualTo(nickname.strip());
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "  ", "<b>", "two\nlines", "\u202Eevil", "abcdefghijklmnopqrstuvwxy"})
    void otherNicknamesAreRefused(String nickname) {
        assertThatExceptionOfType(ConnectError.class)
                .isThrownBy(() -> Rules.nickname(new Join("lobby", nickname, "key")))
                .withMessageStartingWith("A nickname has 1 to 24 letters")
                .satisfies(error -> assertThat(error.data()).isEqualTo(Map.of("field", "nickname")));
    }

    @Test
    void lettersAreTheSameHoweverTheyAreComposed() {
        assertThat(Rules.nickname(new Join("lobby", "Zoe\u0308", "key"))).isEqualTo("Zo\u00eb");
    }

    @Test
    void roomsDoNotDifferByCase() {
        assertThat(Rules.room(new Join("Lobby", "Ada", "key"))).isEqualTo("lobby");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "two words", "a/b", "abcdefghijabcdefghijabcdefghijk"})
    void otherRoomNamesAreRefused(String room) {
        assertThatExceptionOfType(ConnectError.class)
                .isThrownBy(() -> Rules.room(new Join(room, "Ada", "key")))
                .satisfies(error -> assertThat(error.data()).isEqualTo(Map.of("field", "room")));
    }

    @Test
    void textIsTakenUpToItsLimit() throws PostRefused {
        String longest = "x".repeat(Rules.MAX_TEXT);

        assertThat(Rules.message(new Post("1", longest, null), "Ada", 5))
                .isEqualTo(new Message("1", "Ada", longest, null, 5));
        assertRefused(new Post("1", longest + "x", null), "A message has at most 2000 characters; this one has 2001.");
    }

    @Test
    void messagesWithoutContentOrIdAreRefused() {
        assertRefused(new Post("1", " \n", null), "The message is empty.");
        assertRefused(new Post("1", null, null), "The message is empty.");
        assertRefused(new Post(null, "Hello", null), "The message’s id is missing or too long.");
        assertRefused(new Post("x".repeat(65), "Hello", null), "The message’s id is missing or too long.");
    }

    @Test
    void picturesAreTakenByTheirContent() throws PostRefused {
        Message message = Rules.message(new Post("1", null, GIF), "Ada", 5);

        assertThat(message.text()).isEmpty();
        assertThat(message.picture().type()).isEqualTo("image/gif");
        assertThat(message.picture().data()).isEqualTo(GIF);
        assertRefused(
                new Post("1", null, "<svg onload='alert(1)'/>".getBytes(StandardCharsets.UTF_8)),
                "Only PNG, JPEG, GIF and WebP pictures can be sent.");
    }

    @Test
    void picturesAreTakenUpToTheirLimit() throws PostRefused {
        byte[] largest = Arrays.copyOf(GIF, Rules.MAX_PICTURE_BYTES);

        assertThat(Rules.message(new Post("1", null, largest), "Ada", 5)
                        .picture()
                        .data())
                .hasSize(Rules.MAX_PICTURE_BYTES);
        assertRefused(new Post("1", null, Arrays.copyOf(GIF, largest.length + 1)), "A picture has at most 500 KB.");
    }

    private static void assertRefused(Post post, String reason) {
        assertThatExceptionOfType(PostRefused.class)
                .isThrownBy(() -> Rules.message(post, "Ada", 5))
                .withMessage(reason);
    }
}
