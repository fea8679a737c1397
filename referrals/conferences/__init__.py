"""Joint case conferences (会商) and standing joint meetings (联席会议): convened, held, minuted, confirmed, followed through."""
