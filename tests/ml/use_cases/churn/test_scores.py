import numpy as np
import pandas as pd
import pytest

from ml.classifier.examples import read_population
from ml.classifier.train import Classifier
from ml.metrics import auc, expected_calibration_error
from ml.registry import Registry, champion_metrics, has_champion
from ml.scoring import score
from ml.use_cases.churn.features import churn_target
from tests.ml.conftest import AS_OF
from warehouse.core.errors import ModelError


def truth_of(company) -> pd.DataFrame:
    features = company.features(AS_OF)
    return pd.DataFrame({"customer_key": features["customer_key"], "left": company.left(features, AS_OF)})


def test_probabilities_are_calibrated_on_a_night_outside_the_training_data(trained_company):
    scores = trained_company.scores("churn").merge(truth_of(trained_company), on="customer_key")
    left, predicted = scores["left"].to_numpy(float), scores["churn_probability"].to_numpy()
    features = trained_company.features(AS_OF)
    best = auc(trained_company.left(features, AS_OF).astype(float), features["truth"].to_numpy())
    assert auc(left, predicted) > best - 0.03 and best > 0.7
    assert expected_calibration_error(left, predicted) < 0.06


def test_every_row_has_its_night_model_and_run(trained_company):
    champion = Registry(trained_company.settings).champion("churn")
    for table in ("churn", "churn_reasons"):
        rows = trained_company.scores(table)
        assert set(rows["as_of"]) == {AS_OF} and set(rows["model_version"]) == {"1"}
        assert set(rows["run_id"]) == {champion.run_id}
    assert (trained_company.settings.scores / "churn" / "schema.parquet").exists()


def test_a_model_read_back_from_the_registry_predicts_the_same(trained_company):
    registry = Registry(trained_company.settings)
    folder = registry.folder(registry.champion("churn"))
    model = Classifier.load(folder, "churn")
    [population] = read_population(
        trained_company.settings, AS_OF, churn_target(trained_company.settings, AS_OF), model.features
    )
    predicted = np.round(model.probabilities(population.matrix), 6)
    assert list(predicted) == list(trained_company.scores("churn")["churn_probability"])
    files = {file.name for file in folder.rglob("*") if file.is_file()}
    pictures = {"calibration.png", "gain.png", "shap_summary.png", "profit.png"}
    assert {*pictures, "model_card.md", "reference.json", "model.ubj", "MLmodel"} <= files
    assert not [name for name in files if name.endswith((".pkl", ".pickle", ".joblib"))]


def test_the_same_night_scored_twice_is_the_same(trained_company):
    before = {table: trained_company.scores(table) for table in ("churn", "churn_reasons", "satisfaction_drivers")}
    score(trained_company.settings, AS_OF)
    for table, rows in before.items():
        pd.testing.assert_frame_equal(trained_company.scores(table), rows)


def test_the_riskiest_tenth_has_decile_ten(trained_company):
    scores = trained_company.scores("churn")
    scores = scores.sort_values(["churn_probability", "customer_key"], ascending=[True, False])
    assert scores["risk_decile"].is_monotonic_increasing
    assert scores["risk_decile"].value_counts().to_dict() == dict.fromkeys(range(1, 11), len(scores) // 10)


def test_the_registry_has_figures_parameters_and_the_origin_of_the_data(trained_company):
    registry = Registry(trained_company.settings)
    champion = registry.champion("churn")
    metrics, tags = champion_metrics(trained_company.settings, "churn"), registry.tags(champion)
    assert metrics["n"] == 1350 and 0.6 < metrics["auc_low"] < metrics["auc"] < metrics["auc_high"] < 0.95
    assert len(tags["data_fingerprint"]) == 64 and tags["evaluated"] == "out of time"
    card = (registry.folder(champion) / "model_card.md").read_text(encoding="utf-8")
    assert "a running contract is cancelled within 60 days" in card and "Promoted: it passed its gate." in card


def test_the_output_of_mlflow_goes_to_its_log_and_not_to_the_terminal(company, capfd):
    Registry(company.settings).champion("churn")
    seen = capfd.readouterr()
    assert seen.out == "" and seen.err == ""
    assert (company.settings.logs / "mlflow.log").exists()


def test_a_home_without_models_has_no_champion_and_gets_no_store(company, trained_company):
    assert not has_champion(company.settings) and not company.settings.mlflow.exists()
    assert has_champion(trained_company.settings)
    with pytest.raises(ModelError, match="no champion; run `rapport train`"):
        champion_metrics(company.settings, "churn")
