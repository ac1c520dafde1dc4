"""The battery itself: pytest files check_*.py that measure a target. They hold no limits; gates judge."""
