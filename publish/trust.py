"""Whether the people who signed are trusted, and how well the moment and the standing of their certificates are proven.

By the algorithms of ETSI EN 319 102-1 as pyHanko has them. Levels are found, not believed: B-T holds if the time stamp
does, B-LT if the proof in the file reaches the moment of signing, B-LTA if a time stamp protects that proof.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from asn1crypto import crl as asn1_crl
from asn1crypto import x509
from asn1crypto.ocsp import OCSPResponse
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate, AdESPassed
from pyhanko.sign.validation import DocumentSecurityStore, EmbeddedPdfSignature, ades, policy_decl
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import (
    CertRevTrustPolicy,
    FreshnessReqType,
    RevocationCheckingPolicy,
    RevocationCheckingRule,
)
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer, OCSPContainer

from publish.anchors import Anchors
from publish.sign import LEVELS, SIGNING_USES, common_name
from publish.stamp import TRIAL
from publish.verdict import Signature

ONLINE: Final = policy_decl.RevinfoOnlineFetchingRule.ALWAYS_FETCH
OFFLINE: Final = policy_decl.RevinfoOnlineFetchingRule.LOCAL_ONLY
PROVEN: Final = RevocationCheckingRule.CRL_OR_OCSP_REQUIRED
IF_KNOWN: Final = RevocationCheckingRule.CHECK_IF_DECLARED_SOFT
ANY_AGE: Final = timedelta(days=36_500)
REVOKED: Final = (AdESFailure.REVOKED, AdESIndeterminate.REVOKED_NO_POE, AdESIndeterminate.REVOKED_CA_NO_POE)
EXPIRED: Final = (
    *(AdESFailure.NOT_YET_VALID, AdESIndeterminate.NOT_YET_VALID, AdESIndeterminate.EXPIRED),
    *(AdESIndeterminate.OUT_OF_BOUNDS_NO_POE, AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED),
)
REASONS: Final = {
    **dict.fromkeys(REVOKED, "sertifikatnya sudah dicabut"),
    **dict.fromkeys(EXPIRED, "sertifikatnya tidak berlaku pada waktu itu; mintalah sertifikat baru"),
    AdESFailure.HASH_FAILURE: "isinya berubah sesudah ditandatangani",
    AdESFailure.SIG_CRYPTO_FAILURE: "tanda tangannya tidak cocok dengan sertifikatnya",
    AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND: "sertifikatnya bukan dari penerbit yang dipercaya kantor ini",
    AdESIndeterminate.CHAIN_CONSTRAINTS_FAILURE: "sertifikatnya bukan dari penerbit yang dipercaya kantor ini",
    AdESIndeterminate.CERTIFICATE_CHAIN_GENERAL_FAILURE: "sertifikatnya tidak dapat dibuktikan sah",
    AdESIndeterminate.SIG_CONSTRAINTS_FAILURE: "sertifikatnya bukan untuk menandatangani",
}


class Distrust(ValueError):
    """Says in Indonesian why a signature is not accepted."""


@dataclass(frozen=True)
class Judge:
    """What the office trusts, the moment of judging (aware), and whether revocation data may be fetched."""

    anchors: Anchors
    moment: datetime
    fetch: bool = False

    async def all(self, embedded: Sequence[EmbeddedPdfSignature], expected: Mapping[str, str]) -> list[Signature]:
        """Return what is said of every person's signature; `expected` names who should have signed which field.

        A document time stamp that is not trusted proves nothing, and does not spoil the signatures before it.
        Raises Distrust for one that is broken: somebody changed it.
        """
        people = []
        for item in embedded:
            if item.sig_object_type == "/DocTimeStamp":
                await self._unbroken(item)
            else:
                people.append(await self.one(item, expected.get(item.field_name, "")))
        return people

    async def _unbroken(self, item: EmbeddedPdfSignature) -> None:
        spec, digest = self._spec(item, IF_KNOWN), item.compute_digest
        result = await ades.ades_timestamp_validation(item.signed_data, spec, digest, timing_info=_at(self.moment))
        status = result.api_status
        if status is None or not status.intact or not status.valid:
            raise Distrust("cap waktu dokumen rusak")

    async def one(self, item: EmbeddedPdfSignature, expected: str = "") -> Signature:
        """Return what is said of one signature."""
        certificate = item.signer_cert
        name, issuer = common_name(certificate.subject), common_name(certificate.issuer)
        when = item.self_reported_timestamp
        try:
            stamped = await self._stamped(item)
            level = await self._level(item, stamped)
            if expected and not same_person(name, expected):
                raise Distrust(f"yang seharusnya menandatangani {expected}")
        except Distrust as error:
            return Signature(item.field_name, name, issuer, when, "", False, str(error))
        return Signature(item.field_name, name, issuer, stamped or when, level, True)

    async def _stamped(self, item: EmbeddedPdfSignature) -> datetime | None:
        """Return the moment that a trusted time stamp proves; None without one. Raises Distrust for a bad one."""
        if not item.signer_info["unsigned_attrs"]:
            return None
        result = await ades.ades_with_time_validation(
            item.signed_data, self._spec(item, IF_KNOWN), **self._given(item, self.moment)
        )
        _accept(result, "cap waktunya tidak dipercaya")
        moment: datetime = result.best_signature_time
        return moment

    async def _level(self, item: EmbeddedPdfSignature, stamped: datetime | None) -> str:
        """Return the level that the file proves. Raises Distrust when not even the lowest holds."""
        moment = stamped or self.moment
        given = self._given(item, moment)
        _accept(await ades.ades_basic_validation(item.signed_data, self._spec(item, IF_KNOWN), **given))
        if stamped is None:
            return LEVELS[0]
        strict = self._spec(item, PROVEN)
        proven = await ades.ades_basic_validation(item.signed_data, strict, **given)
        if proven.ades_subindic in REVOKED:
            raise Distrust(REASONS[proven.ades_subindic])
        if proven.ades_subindic is not AdESPassed.OK:
            return LEVELS[1]
        kept = await ades.ades_lta_validation(
            item, policy_decl.PdfSignatureValidationSpec(strict), timing_info=_at(self.moment)
        )
        held = kept.ades_subindic is AdESPassed.OK and kept.oldest_evidence_record_timestamp is not None
        return LEVELS[3] if held else LEVELS[2]

    def _given(self, item: EmbeddedPdfSignature, moment: datetime) -> dict[str, Any]:
        return {"timing_info": _at(moment), "raw_digest": item.compute_digest()}

    def _spec(self, item: EmbeddedPdfSignature, rule: RevocationCheckingRule) -> policy_decl.SignatureValidationSpec:
        """Return the rules of judging: a signer's standing by `rule`, that of a time stamp authority as far as known.

        Lists that the file carries are a time stamp authority's newest on the day of signing, and old ever after.
        """
        trusted = [x509.Certificate.load(content) for content in self.anchors.certificates]
        manager = SimpleTrustManager.build(trust_roots=trusted)
        fetching = policy_decl.RevocationInfoGatheringSpec(online_fetching_rule=ONLINE if self.fetch else OFFLINE)
        return policy_decl.SignatureValidationSpec(
            cert_validation_policy=_policy(manager, rule),
            ts_cert_validation_policy=_policy(manager, IF_KNOWN),
            revinfo_gathering_policy=fetching,
            local_knowledge=self._known(item, trusted),
            key_usage_settings=KeyUsageConstraints(key_usage=SIGNING_USES, match_all_key_usages=False),
        )

    def _known(self, item: EmbeddedPdfSignature, trusted: Sequence[x509.Certificate]) -> policy_decl.LocalKnowledge:
        """Return what needs no fetching: the anchors' lists, and everything that the file carries."""
        crls = [CRLContainer(asn1_crl.CertificateList.load(content)) for content in self.anchors.crls]
        carried = [
            *(found for other in item.reader.embedded_signatures for found in other.other_embedded_certs),
            *(other.signer_cert for other in item.reader.embedded_signatures),
        ]
        try:
            store = DocumentSecurityStore.read_dss(item.reader)
        except NoDSSFoundError:
            return policy_decl.LocalKnowledge(known_crls=crls, known_certs=[*trusted, *carried])
        crls += [CRLContainer(asn1_crl.CertificateList.load(found.get_object().data)) for found in store.crls]
        responses = [OCSPResponse.load(found.get_object().data) for found in store.ocsps]
        return policy_decl.LocalKnowledge(
            known_crls=crls,
            known_ocsps=[part for response in responses for part in OCSPContainer.load_multi(response)],
            known_certs=[*trusted, *carried, *store.load_certs()],
        )


def same_person(name: str, official: str) -> bool:
    """Say whether a certificate's name is the official's, whatever the case, titles behind a comma, or spaces."""
    return _bare(name) == _bare(official)


def _bare(name: str) -> list[str]:
    return name.partition(",")[0].casefold().removeprefix(f"{TRIAL} ".casefold()).split()


def _at(moment: datetime) -> ValidationTimingInfo:
    return ValidationTimingInfo(moment, moment, point_in_time_validation=True)


def _policy(manager: SimpleTrustManager, rule: RevocationCheckingRule) -> CertValidationPolicySpec:
    """Return how certificates are judged: a proof has to be fresh; what is merely known may be of any age."""
    checking = RevocationCheckingPolicy(rule, rule)
    if rule is PROVEN:
        return CertValidationPolicySpec(manager, CertRevTrustPolicy(checking))
    at_any_age = FreshnessReqType.MAX_DIFF_REVOCATION_VALIDATION
    return CertValidationPolicySpec(manager, CertRevTrustPolicy(checking, ANY_AGE, at_any_age))


def _accept(result: Any, reason: str = "") -> None:
    """Raise Distrust unless the result is that all is well."""
    if result.ades_subindic is not AdESPassed.OK:
        found = REASONS.get(result.ades_subindic, f"pemeriksaan berhenti pada {result.ades_subindic.name}")
        raise Distrust(f"{reason}: {found}" if reason else found)
