"""The ways in: by password and second factor, by single sign-on, by a one-time link. Each ends in a member, or in a fault that can be said."""

import base64
import json
import math
import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx

from gensvar.house import House
from gensvar.kit.errors import Conflict, GensvarError, TooMany
from gensvar.kit.ids import same_secret
from gensvar.kit.language import phrase
from gensvar.kit.scope import whole
from gensvar.ledger import Link, Member
from gensvar.ledger.seal import Box
from gensvar.serve.people import totp
from gensvar.serve.people.lockout import ACCOUNT, ADDRESS, Limits
from gensvar.serve.people.oidc import Begun, Fault, Issuer, Vouched
from gensvar.serve.people.passwords import MOST, Passwords

NOBODY = "nobody"
MINUTE_S = 60
LONGEST_EMAIL = 254
WRONG = phrase("Address or password is wrong. After ten wrong tries there is a pause of 15 minutes.")
WRONG_CODE = phrase("This code is wrong, or has been used already. A new one comes every 30 seconds; make sure that your phone’s clock is right.")
WAIT_SECONDS = phrase("Too many wrong tries. Wait {n} s, then try again. An administrator can give you a link that lets you in at once.")
WAIT_MINUTES = phrase("Too many wrong tries. Wait {n} min, then try again. An administrator can give you a link that lets you in at once.")
NOT_INVITED = phrase("The sign-on service knows you, but this house does not. Ask an administrator to invite you.")
UNVERIFIED = phrase("The sign-on service does not vouch for your address. Have it verified over there, or sign in with a password.")
DISABLED = phrase("Your account here has been disabled. Ask an administrator.")
LINK_OVER = phrase("This link has been used, has ended, or was replaced by a newer one. Ask for another.")
SECOND_LASTS, SSO_LASTS = timedelta(minutes=5), timedelta(minutes=10)
MOST_COUNTED = 100_000
TELL_AT = (1, 10, 100, 1_000, 10_000, 100_000)


@dataclass
class Ways:
    """What signing in shares: the house, how passwords are hashed, the issuer where one is set, and how many tries were refused unheard."""

    house: House
    passwords: Passwords = field(default_factory=Passwords)
    issuer: Issuer | None = None
    _refused: Counter[bytes] = field(default_factory=Counter)
    _counting: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._second, self._sso = Box(self.house.secret, "second factor"), Box(self.house.secret, "single sign-on")

    # ── password ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def by_password(self, email: str, password: str, address: str) -> Member | Fault:
        """The member of this address and password. address: of her machine, '' where it cannot be known.

        An unknown or disabled account takes the same work and gets the same answer. Every try is counted before it is heard.
        """
        ledger, account = self.house.ledger, self.account(email)
        limits = {account: ACCOUNT} | ({ledger.attempts.mark("address", address): ADDRESS} if address else {})
        if fault := self._must_wait(limits):
            return fault
        found = ledger.members.by_email(email) if len(email) <= LONGEST_EMAIL else None
        member = found if found is not None and found.disabled_at is None else None
        hashed = ledger.members.password_of(member.id) if member is not None else ""
        if not self.passwords.matches(hashed, password) or member is None or len(password) > MOST:
            self._note_wrong(account, found, ACCOUNT)
            return Fault(WRONG)
        if self.passwords.stale(hashed):
            ledger.members.rehash_password(member.id, hashed, self.passwords.hash(password))
        self._heard(limits, member)
        return member

    def account(self, email: str) -> bytes:
        """The mark under which tries for this address are counted."""
        return self.house.ledger.attempts.mark("account", email.strip().casefold()[: LONGEST_EMAIL + 1])

    def has_password(self, member: Member, password: str) -> bool | Fault:
        """Whether this is her password, for what a session alone does not allow; counted like signing in."""
        account = self.account(member.email)
        if fault := self._must_wait({account: ACCOUNT}):
            return fault
        if not self.passwords.matches(self.house.ledger.members.password_of(member.id), password):
            self._note_wrong(account, member, ACCOUNT)
            return False
        self._heard({account: ACCOUNT}, member)
        return True

    def unlock(self, member: Member) -> None:
        """Her wrong tries are forgotten: she has come in another way."""
        self.house.ledger.attempts.forget(self.account(member.email), self._codes(member))

    # ── second factor ────────────────────────────────────────────────────────────────────────────────────────────────

    def half(self, member: Member) -> str:
        """What her browser keeps between password and code: sealed, for five minutes, void once her password is replaced."""
        held = {"member": member.id, "until": (self._now() + SECOND_LASTS).timestamp(), "mark": self._password_mark(member)}
        return _sealed(self._second, held)

    def whole(self, text: str) -> Member | None:
        """The member who is half in; None where that is over, or was never."""
        held = _opened(self._second, text)
        if held is None or self._now().timestamp() >= held["until"]:
            return None
        member = self.house.ledger.members.get(held["member"])
        return member if member.disabled_at is None and same_secret(held["mark"], self._password_mark(member)) else None

    def by_code(self, member: Member, code: str) -> bool | Fault:
        """Whether the code of her phone, or a recovery code, is right and unused; it is used now."""
        limits = {self._codes(member): ACCOUNT}
        if fault := self._must_wait(limits):
            return fault
        members = self.house.ledger.members
        step = totp.step_of(members.totp_of(member.id) or totp.new_secret(), code, self._now())
        if (step is not None and members.use_step(member.id, step)) or (len(code) > 8 and members.use_code(member.id, totp.as_kept(code))):
            self._heard(limits, member)
            return True
        self._note_wrong(self._codes(member), member, ACCOUNT)
        return Fault(WRONG_CODE)

    # ── single sign-on ───────────────────────────────────────────────────────────────────────────────────────────────

    def begun(self, begun: Begun, next_: str) -> str:
        """What her browser keeps while she signs in elsewhere: sealed, for ten minutes."""
        until = (self._now() + SSO_LASTS).timestamp()
        return _sealed(self._sso, {"state": begun.state, "nonce": begun.nonce, "verifier": begun.verifier, "next": next_, "until": until})

    def came_back(self, text: str) -> tuple[Begun | None, str]:
        """What was begun in this browser, and where she wanted to go."""
        held = _opened(self._sso, text)
        if held is None or self._now().timestamp() >= held["until"]:
            return None, ""
        return Begun(held["state"], held["nonce"], held["verifier"]), str(held["next"])

    def by_sso(self, vouched: Vouched) -> Member | Fault:
        """The member that the issuer vouches for: known by subject, else by verified address, else new where `oidc_role` says so."""
        found = self.house.ledger.members.by_subject(vouched.subject) or self._by_verified(vouched)
        if isinstance(found, Fault):
            return found
        return Fault(DISABLED) if found.disabled_at is not None else found

    def _by_verified(self, vouched: Vouched) -> Member | Fault:
        members, role = self.house.ledger.members, self.house.settings.oidc_role
        if not vouched.verified or not vouched.email:
            return Fault(UNVERIFIED)
        found = members.by_email(vouched.email)
        try:
            if found is None and role:
                found = members.add(vouched.email, vouched.name or vouched.email, role, whole().as_json())
                self.house.ledger.audit.append(found.email, "join by single sign-on", f"member {found.id}", {"role": role})
            return Fault(NOT_INVITED) if found is None else members.link_subject(found.id, vouched.subject)
        except Conflict:
            return Fault(NOT_INVITED)

    # ── link ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def by_setup(self, token: str, email: str, name: str, password: str) -> Member | Fault:
        """The first administrator, made by the link that the first start printed."""
        hashed = self.passwords.hash(password)
        try:
            with self.house.ledger.transaction():
                link = self.house.ledger.links.use(token)
                if link is None or link.kind != "setup":
                    return Fault(LINK_OVER)
                member = self.house.ledger.members.first(email, name, hashed)
                self.house.ledger.audit.append(member.email, "become first administrator", f"member {member.id}")
        except Conflict:
            return Fault(LINK_OVER)
        return member

    def by_link(self, token: str, password: str, name: str = "") -> Member | Fault:
        """The member whom an invitation or a reset link lets in, with her new password. Her other sessions end, and her wrong tries are forgotten."""
        hashed = self.passwords.hash(password)
        with self.house.ledger.transaction():
            link = self.house.ledger.links.use(token)
            if link is None or link.member is None:
                return Fault(LINK_OVER)
            self.house.ledger.members.set_password(link.member, hashed)
            member = self.house.ledger.members.change(link.member, **({"name": name} if name else {}))
            did = "accept an invitation" if link.kind == "invite" else "set a new password by link"
            self.house.ledger.audit.append(member.email, did, f"member {member.id}", {"link_by": link.by})
        self.house.ledger.sessions.forget()
        self.unlock(member)
        return member

    def link(self, token: str) -> Link | None:
        return self.house.ledger.links.find(token)

    # ── in and out ───────────────────────────────────────────────────────────────────────────────────────────────────

    def come_in(self, member: Member, how: str, agent: str) -> str:
        """The token of her new session."""
        lasts = timedelta(days=self.house.settings.session_days)
        token = self.house.ledger.sessions.start(member.id, how, agent, lasts)
        self.house.ledger.audit.append(member.email, "sign in", f"member {member.id}", {"how": how})
        return token

    # ── counting ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _now(self) -> datetime:
        return self.house.clock.now()

    def _codes(self, member: Member) -> bytes:
        return self.house.ledger.attempts.mark("code", str(member.id))

    def _password_mark(self, member: Member) -> str:
        return self._second.mark(self.house.ledger.members.password_of(member.id).encode()).hex()

    def _must_wait(self, limits: dict[bytes, Limits]) -> Fault | None:
        """The wait that earlier tries have earned, in words; None where she is heard now, which counts."""
        waits = self.house.ledger.attempts.take({mark: limit.wait for mark, limit in limits.items()})
        if not waits:
            return None
        for mark in waits:
            self._note_refused(mark)
        seconds = math.ceil(max(waits.values()).total_seconds())
        if seconds <= 2 * MINUTE_S:
            return Fault(WAIT_SECONDS, {"n": seconds}, TooMany.status)
        return Fault(WAIT_MINUTES, {"n": math.ceil(seconds / MINUTE_S)}, TooMany.status)

    def _heard(self, limits: dict[bytes, Limits], member: Member) -> None:
        """She was right: her account's wrong tries are forgotten, and this try no longer counts against her machine."""
        for mark, limit in limits.items():
            if limit is ACCOUNT:
                self.house.ledger.attempts.forget(mark)
            else:
                self.house.ledger.attempts.take_back(mark)
            self._tell_rest(mark, f"member {member.id}")

    def _note_wrong(self, mark: bytes, member: Member | None, limits: Limits) -> None:
        """Into the audit, when tries begin to be refused and when the account is locked: not each, and never what was typed."""
        tries = len([at for at in self.house.ledger.attempts.of(mark) if self._now() - at < timedelta(minutes=15)])
        if tries in {limits.slow, limits.locked}:
            did = "be locked out for 15 minutes" if tries == limits.locked else "be slowed down"
            self.house.ledger.audit.append(NOBODY, did, _whose(mark, member), {"wrong_tries": tries})

    def _note_refused(self, mark: bytes) -> None:
        """Into the audit, at the 1st, 10th, 100th … try that was not even heard."""
        if (tries := self._counted(mark)) in TELL_AT:
            self.house.ledger.audit.append(NOBODY, "be refused unheard", _whose(mark, None), {"tries": tries})

    def note_sso(self, fault: Fault, address: str) -> None:
        """Into the audit, at the 1st, 10th, 100th … answer from this machine that was not believed: anybody can send those."""
        mark = self.house.ledger.attempts.mark("single sign-on", address)
        if (tries := self._counted(mark)) in TELL_AT:
            self.house.ledger.audit.append(NOBODY, "be refused by single sign-on", _whose(mark, None), {"tries": tries, "why": fault.message})

    def _counted(self, mark: bytes) -> int:
        """How often this was counted since the house was opened, or since it came in, now too."""
        with self._counting:
            if len(self._refused) >= MOST_COUNTED:
                self._refused.clear()
            self._refused[mark] += 1
            return self._refused[mark]

    def _tell_rest(self, mark: bytes, whose: str) -> None:
        with self._counting:
            tries = self._refused.pop(mark, 0)
        if tries:
            self.house.ledger.audit.append(NOBODY, "be refused unheard", whose, {"tries": tries, "until": "she signed in"})


def ways_of(house: House, passwords: Passwords | None = None) -> Ways:
    """The ways into this house. The issuer is asked nothing until somebody wants to sign in by it."""
    s, issuer = house.settings, None
    if s.oidc_issuer:
        client = httpx.Client(follow_redirects=False, limits=httpx.Limits(max_keepalive_connections=0))  # asked too seldom to hold on to
        issuer = Issuer(s.oidc_issuer, s.oidc_client_id, s.oidc_client_secret, client, house.clock.now)
    return Ways(house, passwords or Passwords(), issuer)


def _whose(mark: bytes, member: Member | None) -> str:
    """The member, or, where there is none to name, a sign by which her entries are recognised as one another's."""
    return f"member {member.id}" if member is not None else f"sign {mark.hex()[:8]}"


def _sealed(box: Box, held: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(box.seal(json.dumps(held).encode())).decode().rstrip("=")


def _opened(box: Box, text: str) -> dict[str, Any] | None:
    try:
        held: dict[str, Any] = json.loads(box.open(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))))
    except (GensvarError, ValueError):
        return None
    return held
