"""What is deployed is what the code is: parsed where nothing can be run, run where it can."""
