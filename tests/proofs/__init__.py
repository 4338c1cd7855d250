"""What the product promises of its sums, proved by running them; `./palabre prove-selection` prints the table."""
