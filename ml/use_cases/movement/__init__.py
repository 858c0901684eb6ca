"""Why a score moved: who was asked, what happened to them, and which model spoke, in parts that add up exactly."""
