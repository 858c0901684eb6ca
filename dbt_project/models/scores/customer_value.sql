with scored as (
    select * from {{ source('lake_scores', 'customer_value') }}
    where as_of = {{ as_of_date() }}
),

churn as (
    select * from {{ ref('churn') }}
),

final as (
    select
        cast(scored.customer_key as string) as customer_key,
        cast(scored.as_of as date) as as_of,
        cast(scored.model as string) as model,
        cast(scored.p_alive as double) as p_alive,
        cast(scored.expected_purchases as double) as expected_purchases,
        cast(scored.expected_purchase_cents as double) as expected_purchase_cents,
        cast(scored.expected_contract_months as double) as expected_contract_months,
        cast(scored.purchase_value_cents as double) as purchase_value_cents,
        cast(scored.contract_value_cents as double) as contract_value_cents,
        cast(scored.value_cents as double) as value_cents,
        cast(scored.value_decile as bigint) as value_decile,
        cast(scored.previous_value_cents as double) as previous_value_cents,
        cast(scored.value_change_cents as double) as value_change_cents,
        churn.churn_probability,
        {{ steady('scored.value_cents * churn.churn_probability') }} as value_at_risk_cents,
        cast(scored.horizon_months as bigint) as horizon_months,
        cast(scored.model_version as string) as model_version,
        cast(scored.run_id as string) as run_id
    from scored
    left join churn on scored.customer_key = churn.customer_key
)

select * from final
