"""What each operation costs, beside a bare view and a bare insert measured in the same run. See bench/README.md."""
