//! Tests that need files, processes or much time.
