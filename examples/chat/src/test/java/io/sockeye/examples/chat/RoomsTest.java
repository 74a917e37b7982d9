package io.sockeye.examples.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sockeye.ConnectError;
import io.sockeye.examples.chat.Messages.Join;
import io.sockeye.examples.chat.Messages.Message;
import io.sockeye.examples.chat.Messages.Picture;
import io.sockeye.examples.chat.Messages.Presence;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who may be where, and what is kept for newcomers. */
class RoomsTest {
    private static final Picture PICTURE = new Picture("image/png", new byte[0]);

    private final Rooms rooms = new Rooms(Clock.fixed(Instant.ofEpochMilli(1000), ZoneOffset.UTC));

    @Test
    void newcomersAreToldWhoIsThere() {
        enter("lobby", "Grace");
        Member ada = enter("lobby", "ada");
        enter("elsewhere", "Linus");

        assertThat(ada.room().welcome(ada).room()).isEqualTo("lobby");
        assertThat(ada.room().welcome(ada).nickname()).isEqualTo("ada");
        assertThat(ada.room().welcome(ada).online()).containsExactly("ada", "Grace");
        assertThat(ada.room().presence(ada)).isEqualTo(new Presence("ada", List.of("ada", "Grace"), 1000));
    }

    @Test
    void takenNicknameIsRefusedInItsRoomOnly() {
        enter("lobby", "Ada");

        assertRefused(new Join("lobby", "ADA", "another page"), "The nickname ADA is taken in #lobby.");
        rooms.check(new Join("elsewhere", "Ada", "another page"));
    }

    @Test
    void nicknameIsFreeAgainOnceItsOwnerHasLeft() {
        Member ada = enter("lobby", "Ada");

        assertThat(ada.room().leave(ada)).isTrue();

        rooms.check(new Join("lobby", "Ada", "another page"));
        assertThat(ada.room().leave(ada)).as("left again").isFalse();
    }

    @Test
    void pageThatComesBackReplacesItsOldConnection() {
        Member before = rooms.enter(new Join("lobby", "Ada", "key"), "old socket");

        Member after = rooms.enter(new Join("lobby", "Ada", "key"), "new socket");

        assertThat(before.replacedSocketId()).isNull();
        assertThat(after.replacedSocketId()).isEqualTo("old socket");
        assertThat(before.room().leave(before)).as("the old connection ends").isFalse();
        assertThat(after.room().welcome(after).online()).containsExactly("Ada");
    }

    @Test
    void roomsAreFullAtSomePoint() {
        for (int i = 0; i < Room.MAX_MEMBERS; i++) {
            enter("lobby", "member " + i);
        }

        assertRefused(new Join("lobby", "Ada", "key"), "The room #lobby is full.");
        rooms.check(new Join("lobby", "member 1", "member 1"));
    }

    @Test
    void emptyRoomsKeepTheirHistoryUntilTheirPlaceIsNeeded() {
        Member ada = enter("lobby", "Ada");
        ada.room().keep(text("1"));
        ada.room().leave(ada);
        assertThat(enter("lobby", "Ada").room()).isSameAs(ada.room());
        for (int i = 1; i < Rooms.MAX_ROOMS; i++) {
            enter("room" + i, "Grace");
        }

        assertRefused(new Join("new", "Grace", "key"), "There are too many rooms already. Please join one of them.");

        ada.room().leave(ada.room().enter("Ada", "Ada", "socket"));
        enter("new", "Grace");
        assertRefused(new Join("lobby", "Ada", "key"), "There are too many rooms already. Please join one of them.");
    }

    @Test
    void messageThatIsSentAgainIsKeptOnce() {
        Room room = enter("lobby", "Ada").room();
        Message first = new Message("1", "Ada", "Hello", null, 5);

        assertThat(room.keep(first)).isNull();
        assertThat(room.keep(new Message("1", "Ada", "Hello", null, 6))).isSameAs(first);
    }

    @Test
    void historyHoldsTheLastMessages() {
        Member ada = enter("lobby", "Ada");
        for (int i = 0; i <= History.MAX_MESSAGES; i++) {
            ada.room().keep(text("id" + i));
        }

        assertThat(ada.room().welcome(ada).history())
                .hasSize(History.MAX_MESSAGES)
                .startsWith(text("id1"))
                .endsWith(text("id" + History.MAX_MESSAGES));
    }

    @Test
    void historyHoldsTheLastPictures() {
        Member ada = enter("lobby", "Ada");
        ada.room().keep(text("text"));
        for (int i = 0; i <= History.MAX_PICTURES; i++) {
            ada.room().keep(new Message("picture" + i, "Ada", "", PICTURE, 5));
        }

        assertThat(ada.room().welcome(ada).history())
                .extracting(Message::id)
                .containsExactly("text", "picture1", "picture2", "picture3");
    }

    private Member enter(String room, String nickname) {
        return rooms.enter(new Join(room, nickname, /* key= */ nickname), "socket of " + nickname);
    }

    private static Message text(String id) {
        return new Message(id, "Ada", "Hello", null, 5);
    }

    private void assertRefused(Join join, String message) {
        assertThatExceptionOfType(ConnectError.class)
                .isThrownBy(() -> rooms.check(join))
                .withMessage(message);
    }
}
