/**
 * Three nodes behind a load balancer without sticky sessions, joined through Redis, with a web page that shows which node serves
 * whom. {@code Cluster} starts it all; {@code Node} is one node; {@code Room} is what they serve.
 */
@NullMarked
package io.sockeye.examples.cluster;

import org.jspecify.annotations.NullMarked;
