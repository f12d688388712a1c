"""Takes answers in and keeps them: the web app, the stores, paper, and the counting of what is stored."""
