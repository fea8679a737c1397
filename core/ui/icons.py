"""The icons of the product: one sprite cut from Tabler's set at set-up, so that a page loads one file and no script draws anything."""

from __future__ import annotations

import re
from pathlib import Path

_NAMES = """
activity address-book adjustments adjustments-horizontal alarm alert-circle alert-octagon alert-triangle ambulance
antenna archive arrow-autofit-height arrow-back-up arrow-down arrow-forward-up arrow-left arrow-right arrow-up
arrows-exchange arrows-move arrows-sort baby-carriage ban bed bell bolt book books brand-speedtest briefcase
briefcase-2 building building-community building-hospital bulb calendar calendar-check calendar-due calendar-event
calendar-plus calendar-time camera certificate chart-bar chart-line chart-pie check checkbox checklist checks
chevron-down chevron-left chevron-right chevron-up circle circle-check circle-dashed circle-dot circle-minus
circle-plus circle-x clipboard clipboard-check clipboard-list clipboard-text clock clock-pause cloud-off
cloud-upload coin copy dashboard database device-desktop device-floppy device-mobile door door-enter door-exit
dots dots-vertical download edit exclamation-circle exclamation-mark external-link eye eye-check eye-off file
file-analytics file-certificate file-description file-export file-import file-invoice file-off file-plus
file-search file-spreadsheet file-text file-zip filter filter-off fingerprint first-aid-kit flag folder
folder-check folder-open folder-plus forms friends gauge gavel gift git-branch git-merge git-pull-request
hand-stop hash headphones headset heart heart-handshake heartbeat help help-circle hierarchy history home
home-check home-heart home-move hospital hourglass id id-badge inbox info-circle key keyboard language
language-off layout-kanban layout-sidebar license link list list-check list-details list-search loader lock
lock-access lock-open login login-2 logout mail mail-check mail-forward mail-opened mail-x man map map-2 map-pin
map-pin-off map-search menu-2 message message-2 message-circle message-off messages microphone microphone-off
minus mood-kid moon news note notebook notes paperclip password pencil phone phone-call phone-check phone-incoming
phone-off phone-outgoing phone-pause phone-plus phone-x photo pill pin player-pause player-play player-stop plus
point presentation printer progress qrcode question-mark receipt refresh replace report report-analytics
report-medical rotate-clockwise route rubber-stamp run scale scale-outline school search send server settings
share share-off shield shield-check shield-half shield-lock shield-off signature sitemap sort-ascending
sort-descending sos speakerphone square square-check square-x star steering-wheel stethoscope sun table
table-export tag tags target temperature thumb-down thumb-up tool transfer-in transfer-out trash trending-down
trending-up trophy unlink upload urgent user user-check user-circle user-exclamation user-heart user-minus
user-off user-plus user-question user-shield user-star users users-group users-plus variable volume wifi wifi-off
woman world world-question writing x zoom-exclamation zoom-in
"""
# Every name that `{% icon %}` accepts. A name missing here raises in the template, never draws an empty box.
ICONS = frozenset(_NAMES.split())

_BODY = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
_CLEAR_BOX = re.compile(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>')


def build_sprite(source: Path) -> str:
    """The sprite of `ICONS` from a folder of Tabler's outline icons.

    Raises: FileNotFoundError naming the icons that the folder lacks.
    """
    missing = sorted(name for name in ICONS if not (source / f"{name}.svg").is_file())
    if missing:
        raise FileNotFoundError(f"no such icons in {source}: {', '.join(missing)}")
    symbols = []
    for name in sorted(ICONS):
        found = _BODY.search((source / f"{name}.svg").read_text(encoding="utf-8"))
        if not found:
            raise ValueError(f"{name}.svg holds no drawing")
        body = re.sub(r"\s+", " ", _CLEAR_BOX.sub("", found.group(1))).strip()
        symbols.append(
            f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" '
            f'stroke-linecap="round" stroke-linejoin="round">{body}</symbol>'
        )
    return '<svg xmlns="http://www.w3.org/2000/svg">' + "\n".join(symbols) + "</svg>\n"
