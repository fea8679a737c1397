"""The demo province: invented people and records on real administrative divisions."""
