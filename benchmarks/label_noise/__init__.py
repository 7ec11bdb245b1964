"""Wrong labels: speed beside cleanlab, what is found, and what finding them is worth.

Speed: the calls on given probabilities, all in one process and one thread, interleaved;
the answers are compared before any is timed. Quality, what is found, and downstream,
clean test accuracy after each remedy: wine, breast cancer, digits (1000 rows) and a
synthetic table of seven unequal classes, split by five seeds. Training rows are 70 % of
all; 10, 20 or 40 % of them get wrong labels: at random ("symmetric"), by class ("pair")
or where rows resemble another class ("feature"). Harmless: what a search with "none" in
its grid costs where no label is wrong. Real: labels of image test sets that people have
judged (the data are not included). Cost: what one argument saves, and gives up; rates
of 10 and 20 %, one seed, the three real tables.
"""

from benchmarks.label_noise import cost, downstream, harmless, quality, real, speed

PARTS = {
    "speed": speed.PART,
    "quality": quality.PART,
    "downstream": downstream.PART,
    "harmless": harmless.PART,
    "real": real.PART,
    "cost": cost.PART,
}
