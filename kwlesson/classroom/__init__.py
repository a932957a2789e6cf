"""Many learners' answers: handed-in files, codes in a chat, a table for the grade book."""
