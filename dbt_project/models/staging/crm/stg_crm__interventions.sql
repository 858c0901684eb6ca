{{ config(materialized='incremental', unique_key=['intervention_id']) }}
with landed as (
    select *
    from {{ landed('crm', 'interventions') }} as landed
    {{ with_existing_versions('crm', 'interventions', ['intervention_id']) }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by intervention_id
            order by updated_at desc nulls last, _as_of desc, _load_id desc, _row_number desc
        ) as recency_rank
    from landed
),

final as (
    select
        intervention_id,
        customer_id,
        assigned_at,
        arm,
        experiment_id,
        action_code,
        channel,
        employee_id,
        contacted_at,
        outcome,
        outcome_at,
        cost_cents,
        updated_at,
        attributes,
        _load_id,
        _row_number,
        _as_of
    from ranked
    where recency_rank = 1
)

select * from final
