"""Baseline systems for the Qatynas benchmark: scikit-learn estimators over documents, and their leaderboard."""
