import { deepStrictEqual } from "node:assert/strict";
import { RELEASE, features } from "../lib/release.mjs";
import { stage } from "../lib/scene.mjs";

// Tests are left out for what a release lacks; so nothing may be listed that it has.
stage("The client's release", {}, (play) => {
  play(`${RELEASE} has the features that it is said to have, and no others`, async (scene) => {
    const { actual, expected } = await features(scene);
    deepStrictEqual(actual, expected);
  });
});
