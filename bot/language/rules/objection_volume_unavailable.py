"""The volume is not there, or goes elsewhere."""

from bot.language.rules.rule import Rule
from bot.language.wording import words

_GONE = words(
    """
    orders/volume/volumes/demand/sales/parcels isn't/aren't there/coming, orders/volume/volumes/demand/sales is/are not
    there/coming, orders just/simply aren't there, nothing/no/little/hardly ... to give/send/ship/hand, nothing/little ... left
    to ship/send/give, can't/cannot/couldn't ship/send/give/hand ... don't/haven't/hasn't,
    lost/losing/pulled/cancelled/canceled/dropped ... client/customer/account/contract/order/launch, sold out, out of stock,
    stuck at ... port/customs/sea, orders/sales/demand/volume/volumes ... down/dropped/fallen/dried/halved/softened, no such
    volume, isn't any more volume, no more volume, delayed by ... supplier/factory
    """
)

RULES = (Rule("volume not there", "objection-volume-unavailable", _GONE, 0.6, volume=True),)
