"""The doors that always open: pages, paper and notebooks that need no server of ours."""
