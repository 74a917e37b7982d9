package io.sockeye.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sockeye.protocol.engineio.EncodedPacket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SendQueueTest {
    private final SendQueue queue = new SendQueue();

    @Test
    void packetsLeaveInOrderWhateverTheRingDoes() {
        Random random = new Random(7);
        Deque<EncodedPacket> model = new ArrayDeque<>();
        for (int i = 0; i < 10_000; i++) {
            if (random.nextInt(100) < (i / 1000 % 2 == 0 ? 60 : 30)) {
                EncodedPacket packet = EncodedPacket.text("");
                queue.add(packet);
                model.add(packet);
            } else {
                assertThat(queue.peek()).isSameAs(model.peek());
                assertThat(queue.poll()).isSameAs(model.poll());
            }
            assertThat(queue).hasSize(model.size());
            assertThat(queue.isEmpty()).isEqualTo(model.isEmpty());
        }
        assertThat(new ArrayList<>(queue)).isEqualTo(new ArrayList<>(model));
    }

    @Test
    void whatWaitsIsCounted() {
        queue.add(EncodedPacket.text("abc"));
        queue.add(EncodedPacket.text("d"));
        assertThat(queue.bytes()).isEqualTo(4 + 64 + 2 + 64);
        queue.remove();
        assertThat(queue.bytes()).isEqualTo(2 + 64);
        queue.clear();
        assertThat(queue.bytes()).isZero();
    }

    @Test
    void dropOldestSparesControlPacketsAndTheYoungest() {
        List<EncodedPacket> kept = List.of(EncodedPacket.control("0{}"), EncodedPacket.PING);
        EncodedPacket youngest = EncodedPacket.text("young");
        queue.add(kept.get(0));
        queue.add(EncodedPacket.text("a"));
        queue.add(kept.get(1));
        queue.add(EncodedPacket.binary(new byte[1], 0, 1, /* compressible= */ false));
        queue.add(youngest);
        assertThat(queue.dropOldest(1)).isEqualTo(1);
        assertThat(queue).hasSize(4);
        assertThat(queue.dropOldest(1_000)).isEqualTo(1);
        assertThat(queue).containsExactly(kept.get(0), kept.get(1), youngest);
        assertThat(queue.bytes())
                .isEqualTo(kept.stream().mapToLong(SendQueue::cost).sum() + SendQueue.cost(youngest));
    }

    @Test
    void iteratorEndsWithTheQueue() {
        queue.add(EncodedPacket.PING);
        Iterator<EncodedPacket> iterator = queue.iterator();
        iterator.next();
        assertThat(iterator.hasNext()).isFalse();
        assertThatThrownBy(iterator::next).isInstanceOf(NoSuchElementException.class);
        assertThat(new SendQueue().poll()).isNull();
        assertThat(new SendQueue().peek()).isNull();
    }
}
