print("pdlc")
