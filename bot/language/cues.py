"""The words that tell what a quantity or a sentence is about: one named list per cue, in the notation of bot/language/wording.py."""

from __future__ import annotations

from bot.language.wording import words

PARCELS = words(
    """
    packages, package, parcels, parcel, pieces, piece, pcs, pc, cartons, carton, ctns, boxes, box, shipments, shipment,
    consignments, consignment, orders, pkgs, pkg, pkts, packets, colli, satchels, packs, bxs, units, deliveries, despatches,
    mailers, totes, sends
    """
)
"""Units in which volume is counted."""

OTHER_CARRIER = words(
    """
    ups, fedex, usps, dhl, ontrac, lasership, purolator, canada post, royal mail, evri, dpd, gls, amazon, post office, brown,
    old/other/previous/former guys/crowd/lot/people/outfit/firm/forwarder/courier/provider/vendor/company/fellas/ones, other
    carrier*, another carrier, old carrier, last carrier, previous carrier, current carrier, incumbent*, our current provider,
    the other two, the other lot, other provider*, competitor*
    """
)
PAST = words(
    """
    last year, last spring, last summer, last fall, last autumn, last winter, last season, last peak, used to, back in, years
    ago, months ago, a year ago, historically, in the old days, before you, back then, for years, for decades, in
    2019/2020/2021/2022/2023/2024, at my last, at our last, in my last job, prior year, once upon
    """
)
ELSEWHERE = words(
    """
    another customer, other customer*, another client, other client*, another site, another shipper, other shippers, most
    shippers, a different account, another account, other account, my brother*, my cousin, sister company, other brand, another
    brand, different brand, their deal, his deal, wholesale, b2b, freight, ltl, his/her/their own, different
    company/brand/account/deal, not us, isn't/aren't ours, not ours, not yours, isn't/aren't yours, outside our/the
    deal/agreement/contract, outside of our/the deal, his/her/their shop/contract, somebody/someone else's, joked, not happening
    """
)
HEARSAY = words(
    """
    somebody, someone, whoever, intern, assistant, rumour*, rumor*, heard, claims, asked if/what/whether/me/us, asked in, ask
    whether, is it true, keep/keeps saying, people say, they say
    """
)
"""Words of people who do not speak for the customer."""

DISOWNED = words(
    """
    ignore, not us, isn't us, different company/thing/account/business, separate thing/account/business/company, nothing
    to do with, not your thing, not yours, not part of this/our/the deal/agreement/contract, different/other/another customer,
    strike/scratch that, wrong sheet/page/tab/column/row/line/file, never mind, forget that/it, ruled it/that out, decided
    against, we said no, disregard, by mistake, typo
    """
)
"""What takes a figure away from our volume wherever it stands in the message."""

THEY = words(
    "they/he/she ship/ships/do/does/did/send/sends/sent/keep/keeps/have/has/give/gives, he's/she's/they're on, they're/he's/she's with"
)
"""The doer is neither the customer nor us."""

TROUBLE = words(
    """
    damage*, on-time, on time, broken, crushed, cracked, dented, lost, missing, late, returned, returns, return, exception*,
    claim*, misroute*, missort*, mis-sort*, void*, duplicate*, rejected, reject*, refused, failed, fails, error*, dispute*,
    leak*, complaint*, stuck, reprint*, unreadable, no-read*, short, torn, wet, held, bounced, cancel*, undeliverable,
    misprint*, mislabel*, overlabel*, reweigh*, ticket*
    """
)
"""What befalls single parcels: a number beside it counts mishaps."""

SUPPLIES = words(
    """
    label*, sleeves, pouches, rolls, ribbon*, sheets, stickers, tape, bags, samples, sample*, test print*, test
    label*, test orders, test order, sandbox, skus, sku, scanner*, printer*, handheld*, users, logins, pallet jacks, trucks,
    trailers, vans, doors, docks, cages, shelves, bins, racks, slots, sessions, seats, people, packers, pickers, drivers, heads,
    folks, temps, staff, shops, stores, customers, clients, dealers, emails, mails, calls, questions, rows, lines, fields,
    addresses, zips, photos, pages, copies, gaylords, skids, pallets, sacks, minutes, mins, hours, hrs, seconds, days, weeks,
    months, years, bucks, dollars, points, percent, miles, feet, stops, routes, lanes, scans, categories, in stock, on hand,
    inventory
    """
)
"""What is counted and is not volume."""

CAPACITY = words(
    """
    fits, fit, capacity, hold, holds, max, maximum, minimum, up to, limit is, can take, can handle, room for, per hour
    """
)
ONE_OFF = words(
    """
    one-off, one off, one-time, one time, promo, recall, sample run, dry run, dummy, dummies
    """
)
HYPOTHETICAL = words(
    """
    if we only, if all, if you only, imagine, hypothetically, suppose, say we, would have, could have, would've, what if, in
    theory, for example, for instance, e.g., let's say, as if, even if, unless, wouldn't, couldn't, if only
    """
)
NEGATION = words(
    """
    not, no way, never, isn't, wasn't, won't, don't, doesn't, didn't, rather than, instead of, no longer, far from, not just,
    cannot, can't, ain't, nowhere near, nobody, no one
    """
)
JOKE = words("lol jk, jk, just kidding, kidding, i wish, in my dreams, joking, haha no")

PROPOSE = words(
    """
    start/starting/begin/beginning/open/opening/kick/launch/launching with/at/on/off/from/us, let's
    do/go/keep/just/try/say/run/make/put, lets do/go/keep/just/try/run/make/put, we'll/we'd/i'd/i'll/we/i
    do/send/give/hand/tender/ship/run/take/plan/keep/put/hold/start/have/route/give, we/i will
    do/send/give/hand/tender/ship/run/plan/keep/start, going/gonna to/send/be/do/hand/give, send/hand/give/giving/sending you,
    hand over, put/have/got us/you/me/it/them down for, down for, pencil*, plan/planned/planning for/on/is, expect/expecting,
    figure on, forecast*, count on, schedule*, will be, it'll/they'll be, set/sized up/at/to/for/the, cap/capped, ceiling,
    throttle*, comfortable with/at/doing, commit to, can only, only do/be, turn/turning on, looking at, we/i want,
    i'd/we'd like/rather, aim* for, target*, assume/assuming, book/booked/booking, reserve/reserved, hold/keep/leave
    you/it/us/them at, stay/staying/stick/sticking at/with, first fortnight/week/phase/days/month, ramp/ramping/ramped to/up,
    what we/i can/could, go/going/get/move/moving up to, day one, to begin/start, for now, at first, starting/from
    monday/tuesday/wednesday/thursday/friday/tomorrow, for/on monday/tuesday/wednesday/thursday/friday
    """
)
PERHAPS = words("prob*, maybe, more like, estimate*, would be, should be, roughly, about, around, say, or so, hmm, probably, guess")
REPORT = words(
    """
    scanned, picked up, collected, gave/handed the/your driver, today, tendered, inducted, shipped, sent, averag*, avg, adv,
    yesterday, today's, last week, this week, so far, count*, manifest*, total*, came in, closed at, ran, running,
    run rate, went out, going out, handed over, did, actuals, scan report, scans, we're at, we are at, you're at, you are at,
    we're doing, you're doing, week one, week two, week 1, week 2, on the truck, in the cage, loaded, out the door, recap, per
    day since, since the, pulled, left, i see, shows, showing, recorded, log, tally, moved, processed, mon, tue, tues, wed, thu,
    thurs, fri, monday, tuesday, wednesday, thursday, friday, volume is/was/runs, volumes are/were, actual/actuals, hit, at
    present, currently, right now
    """
)
SMALL = words(
    """
    start small, starting small, begin small, start slow, start slowly, start light, start low, start gently, start gentle, ease
    in, ease into, easing in, ease us in, ease them in, baby steps, dip a toe, dip our toe*, dip my toe*, toe in
    the water, test the water*, crawl, walk before*, small first, little by little, bit by bit, step by step, work our way up,
    work my way up, work up to, build up from, build from there, go from there, grow it, grow from there, grow into, scale from
    there, scale up from, ramp from there, ramp up slowly, ramp slowly, add more later, add more as, bump it up, gradually,
    gradual, feel our way, feel my way, feel their way, play it safe, take it slow, take it easy, go gentle, go easy, go
    lighter, go light, wade in, soft launch, soft start, gentle start, slow start, slow and steady, small batch*, handful at
    first, handful to start, and build, then build, then we add, and we add, drip feed, turn up the dial, open the tap, see how
    it goes, see how we go, see how it feels, start/starting/begin/beginning with/at ... and/then/we see, try ... and see
    """
)
CLAIM = words(
    """
    agreed, agreement, contract*, signed, inked, settled on, shook on, promised, was told, were told, told us, told me, quoted,
    quote says, quote shows, quote has, per our, per the, as per, according to, understood, understanding, i thought, we
    thought, supposed to, meant to be, says here, paperwork, my sheet, his sheet, her sheet, spreadsheet, order form, rate
    sheet, rate card, rate page, the deal, our deal, term sheet, proposal, locked in, was sold, sold us, the number was, we
    said, you said, i have it as, we have it as, on paper, in writing, framework, right?, correct?, no?, isn't it, is included,
    committed, commitment, obligation, obliged, budget, on file, in our system, the offer, your offer, deal sheet, the plan
    says, kickoff
    """
)
VOLUME_QUESTION = words(
    """
    volume, volumes, count, counts, forecast, daily count, quantity, quantities, per day, a day, daily, each day, parcels,
    packages, pieces, boxes, cartons, orders, expect on, on the truck, on the van, load plan, tell dispatch, tell the
    driver/hub/depot, number-wise, run rate, how many are you, what are you thinking, what number, which number
    """
)
RAMP = words(
    """
    ramp*, full volume, full quantity, full run, full figure, full number, full amount, the rest, the remaining, remainder, go
    live with all, everything over, all of it, all over, step up, second step, next step, next phase, phase two, after the test,
    post test, post-test, when the test ends, going forward, once the test, after the trial, after the pilot, switch over,
    cutover, flip, crank, scale up, scaling, go up to, increase
    """
)
DURING_TEST = words(
    """
    test, trial, pilot, first two weeks, first fortnight, first phase, test period, test volume, to begin, at first, first week
    """
)
