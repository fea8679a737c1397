"""The people of the article, played again in these weeks: 刘女士, 马女士, 小星, and a call in the night."""

from caremgmt.demo.stories.liu import liu
from caremgmt.demo.stories.ma import ma
from caremgmt.demo.stories.night import husband_walled, night
from caremgmt.demo.stories.refuge import refuge
from caremgmt.demo.stories.xiaoxing import xiaoxing

__all__ = ["STORIES", "husband_walled"]

STORIES = (refuge, liu, ma, xiaoxing, night)
