export * from "@forkmap/pool";
