package io.sockeye.examples.chat;

import org.jspecify.annotations.Nullable;

/**
 * Somebody in a room.
 *
 * @param key the secret of their page
 * @param socketId their connection
 * @param replacedSocketId the connection that they had before, when they have come back; null when they are new
 */
record Member(
        Room room,
        String nickname,
        String key,
        String socketId,
        @Nullable String replacedSocketId) {}
