"""Distribution shift: what is found, what is weighed, what is foretold.

Concept: how often the test of P(y | x) rejects at .05, where it should and where it
must not, with few labelled target rows. Decomposition: how often the 95 % interval of
each part of a drop in performance holds 0, where it is 0 and where it is not.
Constants were chosen on the designs marked `tuning`; all others were run once.
"""

from benchmarks.shift import concept

PARTS = {"concept": concept.CONCEPT, "decomposition": concept.DECOMPOSITION}
