"""Links as they once were: releases that have them read every text as on the day they were made."""
