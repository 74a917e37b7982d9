/**
 * A chat in the browser, to be run and copied from. Start reading at {@link io.sockeye.examples.chat.Chat}, which holds all
 * of Socket.IO; {@link io.sockeye.examples.chat.Rooms} and its kin know the chat's rules and nothing of the network.
 */
@NullMarked
package io.sockeye.examples.chat;

import org.jspecify.annotations.NullMarked;
