"""The people of the practical cases, as facts. Fictitious."""

from typing import Any

Document = dict[str, Any]

# Paul, shopkeeper alone for more than fifteen years, on arrêt for three months, invalidity refused.
PAUL: Document = {
    "status": ["SE_TRADE"],
    "scheme": "GENERAL",
    "case": {"axis": "PDP"},
    "insured": {"request": True},
    "pension": {"old_age": False, "invalidity": False},
    "affiliation": {"months": 184},
    "ald": False,
    "work_exclusion_risk": True,
    "stoppage": {
        "exists": True,
        "active": True,
        "indemnified": True,
        "full_time_indemnified_just_before": True,
        "start": "2025-12-01",
        "prescribed_end": "2026-06-30",
        "origin": "ILLNESS",
    },
}

# Valérie, medical secretary, on arrêt for three months; everything is in her file.
VALERIE: Document = {
    "status": ["EMPLOYEE_CDI"],
    "scheme": "GENERAL",
    "case": {"axis": "PDP"},
    "insured": {"request": True},
    "request": {"author": "INSURED"},
    "pension": {"old_age": False},
    "work_exclusion_risk": True,
    "social_evaluation": {"done": True},
    "contract": {"end": None},
    "boeth": {"kind": "RQTH", "state": "HELD"},
    "unfitness": {"state": "RISK_AT_PRE_RETURN"},
    "stoppage": {
        "exists": True,
        "active": True,
        "indemnified": True,
        "start": "2025-12-01",
        "prescribed_end": "2026-06-30",
        "end": "2026-06-30",
        "origin": "ILLNESS",
    },
    "agreement": {
        "ATTENDING": "GIVEN",
        "ADVISER": "GIVEN",
        "OCCUPATIONAL": "GIVEN",
        "EMPLOYER": "GIVEN",
        "HOST_COMPANY": "GIVEN",
    },
}
VALERIE_REQUESTS: list[Document] = [
    {
        "dispositif": "essai_encadre",
        "facts": {
            "measure": {"start": "2026-03-09", "end": "2026-03-24", "orgs_needed": ["spst"]},
            "sharing_agreement": {"spst": "GIVEN"},
            "trial": {
                "initial_working_days": 14,
                "total_working_days_for_stoppage": 14,
                "end": "2026-03-24",
                "tutor_name": "Madame Ferrand",
            },
            "document": {"TRIAL_CONVENTION": "PRESENT"},
        },
    },
    {
        "dispositif": "crpe",
        "facts": {
            "measure": {"start": "2026-07-01", "end": "2027-06-30", "months": 12},
            "host": {"type": "OWN"},
            "pay": {"before_stoppage": 1850, "total_during": 1850},
            "document": {"CRPE_CONVENTION": "PRESENT", "CONTRACT_AMENDMENT": "PRESENT", "TRAINING_PLAN": "PRESENT"},
        },
    },
    {
        "dispositif": "temps_partiel_therapeutique",
        "facts": {
            "measure": {"start": "2026-07-01"},
            "tpt": {"end": "2026-12-31"},
            "cap": {"R323_3": "2027-06-30"},
            "document": {"TPT_PRESCRIPTION": "PRESENT"},
        },
    },
    {"dispositif": "inclupro", "facts": {"measure": {"start": "2026-04-01", "end": "2026-05-29"}}},
    {
        "dispositif": "bilan_competences",
        "facts": {"measure": {"start": "2026-04-01", "end": "2026-05-29"}, "funding": {"source": "CPF"}},
    },
]

# The example of the eligibility contract: the médecin-conseil's agreement is still missing.
CONTRACT_EXAMPLE: Document = {
    "evaluated_on": "2026-03-02",
    "doctrine": "regional",
    "facts": {
        "status": ["EMPLOYEE_CDI"],
        "scheme": "GENERAL",
        "case": {"axis": "PDP"},
        "insured": {"request": True},
        "pension": {"old_age": False},
        "work_exclusion_risk": True,
        "social_evaluation": {"done": True},
        "request": {"author": "INSURED"},
        "contract": {"end": "2030-12-31"},
        "stoppage": {
            "exists": True,
            "active": True,
            "indemnified": True,
            "start": "2025-11-24",
            "prescribed_end": "2026-05-31",
            "origin": "ILLNESS",
        },
        "agreement": {"ATTENDING": "GIVEN", "ADVISER": "MISSING", "OCCUPATIONAL": "GIVEN", "HOST_COMPANY": "GIVEN"},
    },
    "requests": [
        {
            "dispositif": "essai_encadre",
            "facts": {
                "measure": {"start": "2026-03-09", "end": "2026-03-24"},
                "document": {"TRIAL_CONVENTION": "PRESENT"},
                "trial": {
                    "initial_working_days": 14,
                    "total_working_days_for_stoppage": 14,
                    "end": "2026-03-24",
                    "tutor_name": "T.",
                },
            },
        }
    ],
}
