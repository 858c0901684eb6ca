{{ config(tags=['decide']) }}
with experiments as (
    select * from {{ ref('experiments') }}
),

arms as (
    select
        experiment_id,
        max(is_share) as is_share,
        max(is_over) as is_over,
        min(first_assigned_on) as first_assigned_on,
        max(last_assigned_on) as last_assigned_on,
        max(case when arm = 'treatment' then assigned_count else 0 end) as treatment_assigned_count,
        max(case when arm = 'control' then assigned_count else 0 end) as control_assigned_count,
        sum(contaminated_count) as contaminated_count
    from {{ ref('experiment_arms') }}
    group by experiment_id
),

readouts as (
    select * from {{ ref('int_decisions__experiment_readouts') }}
),

decision_texts as (
    select * from {{ ref('experiment_decisions') }}
),

minimum as (
    select {{ threshold('shared', 'minimum_sample') }} as sample_size
),

final as (
    select
        {{ as_of_date() }} as as_of,
        {{ as_of_date() }} as metric_date,
        arms.experiment_id,
        experiments.name_en,
        experiments.name_zh,
        experiments.hypothesis_en,
        experiments.hypothesis_zh,
        experiments.metric,
        experiments.is_higher_better,
        experiments.outcome_days,
        arms.first_assigned_on,
        arms.last_assigned_on,
        experiments.planned_end_on,
        case when arms.is_over then 'over' else 'running' end as state,
        cast(arms.treatment_assigned_count as bigint) as treatment_assigned_count,
        cast(arms.control_assigned_count as bigint) as control_assigned_count,
        cast(arms.contaminated_count as bigint) as contaminated_count,
        experiments.treatment_share as planned_treatment_share,
        readouts.sample_ratio_p_value,
        readouts.is_sample_ratio_kept,
        cast(coalesce(readouts.treatment_count, 0) as bigint) as treatment_count,
        cast(coalesce(readouts.control_count, 0) as bigint) as control_count,
        coalesce(least(readouts.treatment_count, readouts.control_count) >= minimum.sample_size, false) as is_reportable,
        readouts.treatment_mean,
        readouts.control_mean,
        readouts.effect,
        readouts.effect_low,
        readouts.effect_high,
        readouts.p_value,
        experiments.smallest_effect,
        readouts.power,
        readouts.information_share,
        readouts.needed_count,
        readouts.z_value,
        readouts.z_boundary,
        readouts.decision,
        decision_texts.decision_en,
        decision_texts.decision_zh
    from arms
    inner join experiments on arms.experiment_id = experiments.experiment_id
    cross join minimum
    left join readouts on arms.experiment_id = readouts.experiment_id
    left join decision_texts on readouts.decision = decision_texts.decision
)

select * from final
