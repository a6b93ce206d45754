/**
 * Real Flink, asked which job graph it makes of a program. It writes random programs, has Flink translate them, and prints
 * both; {@code integration/interop/jobgraph} translates the same programs and compares.
 */
package cairn.jobgraph;
